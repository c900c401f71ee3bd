// SPDX-License-Identifier: EUPL-1.2
// Makes the icons of the installed app from web/images/favicon.svg: node script/app-icons.mjs
// The maskable one has the drawing within the inner 80 %, as launchers cut the rest to their own shape.
import { readFileSync, writeFileSync } from 'node:fs';
import { launch } from './chromium.mjs';

const folder = new URL('../web/images/', import.meta.url);
const icon = readFileSync(new URL('favicon.svg', folder), 'utf8');
const maskable = icon.replace('rx="7" ', '').replace('<g ', '<g transform="translate(3.2 3.2) scale(0.8)" ');
const browser = await launch();
for (const [name, size, svg] of [['icon-180.png', 180, icon.replace('rx="7" ', '')], ['icon-192.png', 192, icon],
  ['icon-512.png', 512, icon], ['icon-maskable.png', 512, maskable]]) {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  await page.setContent(`<style>body{margin:0}svg{display:block;width:${size}px;height:${size}px}</style>${svg}`);
  writeFileSync(new URL(name, folder), await page.screenshot({ omitBackground: true }));
  await page.close();
}
await browser.close();
