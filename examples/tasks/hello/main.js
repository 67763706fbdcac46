const GREETINGS = {
  de: 'Hallo',
  en: 'Hello',
  es: 'Hola',
  fr: 'Bonjour',
  it: 'Ciao',
};

export default function main(input, context) {
  const name = input.name ?? 'World';
  const greeting = GREETINGS[input.language ?? 'en'];
  console.log(`attempt ${context.attempt} of ${context.taskName} ${context.taskVersion}`);
  return { message: `${greeting}, ${name}!`, length: [...name].length };
}
