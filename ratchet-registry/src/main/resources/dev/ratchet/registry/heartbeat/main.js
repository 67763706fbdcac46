// What it returns is delivered like any other result, so a beat shows that schedules, queue, workers and deliveries work.
export default function main(input) {
  return {
    status: 'alive',
    message: input.message ?? 'the server runs its tasks',
    timestamp: new Date().toISOString(),
  };
}
