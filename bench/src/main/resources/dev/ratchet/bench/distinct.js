const LIMIT_NUMBER = NUMBER + 10;

class OrderNUMBER {
  constructor(id, lines) {
    this.id = id;
    this.lines = lines;
  }

  get total() {
    return this.lines.reduce((sum, { price, count }) => sum + price * count, NUMBER);
  }
}

function format(order) {
  return `order ${order.id}: ${order.total.toFixed(2)} (NUMBER)`;
}

function main(input, context) {
  const orders = [];
  for (let i = 0; i < 5; i++) {
    orders.push(new OrderNUMBER(i + NUMBER, [{ price: 1.5 * i, count: input.a }, { price: 2, count: input.b }]));
  }
  const expensive = orders.filter((order) => order.total > LIMIT_NUMBER).map(format);
  return { count: orders.length, expensive, name: context.taskName, ids: orders.map(({ id }) => id) };
}
