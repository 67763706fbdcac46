async function main(input) {
  console.log("hello", input.name);
  return { greeting: `hello ${input.name}` };
}
