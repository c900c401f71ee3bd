// SPDX-License-Identifier: EUPL-1.2
// Pictures of the pages of a running portal: node script/screenshots.mjs FOLDER|--readme ADDRESS (see script/screenshots)
// In FOLDER: each page of web/check/pages.txt as it is on a phone and on a desktop, whole, and index.html with all of them.
// The three of README.md go to docs/images; one over 200 KB is an error.
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { launch } from './chromium.mjs';
import { pagesToCheck, settle } from './pages.mjs';

const [folder, base] = process.argv.slice(2);
const VIEWS = [
  { name: 'phone', viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true },
  { name: 'desktop', viewport: { width: 1280, height: 900 } },
];
const README = [
  { name: 'start', path: '/', viewport: { width: 1280, height: 860 } },
  { name: 'leistung', path: '/norderstedt/personalausweis-beantragen', viewport: { width: 1280, height: 860 } },
  { name: 'telefon', path: '/suche?q=Perso+verloren&ort=22846', viewport: { width: 390, height: 1300 }, isMobile: true, hasTouch: true },
];
const MOST_BYTES = 200 * 1024;
const AT_ONCE = 2;

await settle(base);
const browser = await launch();
const open = async ({ name, ...view }) => (await browser.newContext({ ...view, locale: 'de-DE', bypassCSP: true, colorScheme: 'light', reducedMotion: 'reduce' })).newPage();
try {
  if (folder === '--readme') {
    const images = new URL('../docs/images/', import.meta.url).pathname;
    mkdirSync(images, { recursive: true });
    for (const { path, ...view } of README) {
      const page = await open(view);
      await page.goto(new URL(path, base).href, { waitUntil: 'networkidle' });
      const file = join(images, `${view.name}.png`);
      await page.screenshot({ path: file });
      await page.context().close();
      const { size } = statSync(file);
      console.log(`docs/images/${view.name}.png: ${Math.round(size / 1024)} KB`);
      if (size > MOST_BYTES) process.exitCode = 1;
    }
  } else {
    mkdirSync(folder, { recursive: true });
    const queue = pagesToCheck();
    const made = [];
    await Promise.all(Array.from({ length: AT_ONCE }, async () => {
      const pages = await Promise.all(VIEWS.map(open));
      for (let one = queue.shift(); one; one = queue.shift()) {
        const name = one.path.replace(/[^a-z0-9]+/gi, '-').replace(/^-|-$/g, '').slice(0, 80) || 'start';
        for (const [at, view] of VIEWS.entries()) {
          await pages[at].goto(new URL(one.path, base).href, { waitUntil: 'networkidle' });
          await pages[at].addStyleTag({ content: '* { content-visibility: visible !important; }' });   // also what is below
          await pages[at].screenshot({ path: join(folder, `${name}-${view.name}.png`), fullPage: true });
        }
        made.push({ name, path: one.path });
      }
    }));
    made.sort((a, b) => a.path.localeCompare(b.path));
    const text = (words) => words.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
    writeFileSync(join(folder, 'index.html'), `<!DOCTYPE html><html lang="de"><meta charset="utf-8"><title>Seiten</title>\n${made.map(({ name, path }) =>
      `<h2>${text(path)}</h2>${VIEWS.map((view) => `<img src="${name}-${view.name}.png" alt="" width="${view.name === 'phone' ? 195 : 640}">`).join('')}`).join('\n')}\n`);
    console.log(`${made.length * VIEWS.length} pictures in ${folder}`);
  }
} finally {
  await browser.close();
}
