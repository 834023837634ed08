// Unpacks the browser, its fonts and the system libraries it may miss into the folder TMPDIR; prints the executable.
import { inflate, default as chromium } from '@sparticuz/chromium';
import { fileURLToPath } from 'node:url';

const archives = new URL('./node_modules/@sparticuz/chromium/bin/', import.meta.url);
await inflate(fileURLToPath(new URL('al2023.tar.br', archives)));
console.log(await chromium.executablePath());
