// The server's OpenAPI document as TypeScript: src/lib/api/schema.d.ts. The document comes from a file or an address.
// `make api` runs this with a server of its own; `--check` only tells whether the file is current.
import { readFile, writeFile } from 'node:fs/promises';
import openapiTS, { astToString } from 'openapi-typescript';
import { format, resolveConfig } from 'prettier';

const TARGET = 'src/lib/api/schema.d.ts';
const isCheck = process.argv.includes('--check');
const source =
  process.argv.slice(2).find((argument) => !argument.startsWith('--')) ??
  'http://127.0.0.1:8000/api/openapi.json';

async function read(place) {
  if (!/^https?:/.test(place)) return readFile(place, 'utf8');
  const response = await fetch(place);
  if (!response.ok) throw new Error(`${place}: ${response.status}`);
  return response.text();
}

const document = JSON.parse(await read(source));
// Every error has one shape, which the client knows; of the answers only those of success are wanted here.
for (const item of Object.values(document.paths)) {
  for (const operation of Object.values(item)) {
    const answers = Object.entries(operation.responses).filter(([status]) => status.startsWith('2'));
    operation.responses = Object.fromEntries(
      answers.map(([status, { headers: _, ...rest }]) => [status, rest])
    );
  }
}
const types = astToString(
  await openapiTS(document, { alphabetize: true, immutable: true, defaultNonNullable: false })
);
const plain = types.replace(/^ *\/\*\*[\s\S]*?\*\/\n/gm, '');
const options = { ...(await resolveConfig(TARGET)), parser: 'typescript' };
const wanted = await format(
  `/** Made by \`make api\` from the server's OpenAPI document. */\n${plain}`,
  options
);

if (!isCheck) await writeFile(TARGET, wanted);
else if ((await readFile(TARGET, 'utf8').catch(() => '')) !== wanted) {
  console.error(`${TARGET} is not what the server offers now: run 'make api'.`);
  process.exit(1);
}
