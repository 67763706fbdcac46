// Runs once per execution. `input` satisfies input.schema.json, and what is returned must satisfy output.schema.json.
function main(input, context) {
  console.log(`greeting ${input.name}`);
  return { message: `Hello, ${input.name}!` };
}
