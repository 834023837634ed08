// Unpacks the browser, its fonts and the system libraries it may miss into the folder TMPDIR; prints the executable.
import { inflate, default as chromium } from '@sparticuz/chromium';
import { copyFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const archives = new URL('./node_modules/@sparticuz/chromium/bin/', import.meta.url);
const emoji = './node_modules/@expo-google-fonts/noto-color-emoji/400Regular/NotoColorEmoji_400Regular.ttf';
await inflate(fileURLToPath(new URL('al2023.tar.br', archives)));
const executable = await chromium.executablePath();
copyFileSync(fileURLToPath(new URL(emoji, import.meta.url)), `${process.env.TMPDIR}/fonts/emoji.ttf`);
console.log(executable);
