interface Greeting {
  text: string
}

function greet({ text }: Greeting): void {
  const until = performance.now() + 200
  while (performance.now() < until);
  console.log(text)
}

greet({ text: 'hello from TypeScript' })
