// SPDX-License-Identifier: EUPL-1.2
// Makes web/images/preview.png, the picture that other sites show beside a link to us, from preview.svg:
//   node script/preview-image.mjs
// Those sites take no SVG; the picture is the same for all pages, so it is made once and kept.
import { readFileSync, writeFileSync } from 'node:fs';
import { launch } from './chromium.mjs';

const folder = new URL('../web/images/', import.meta.url);
const browser = await launch();
const page = await browser.newPage({ viewport: { width: 1200, height: 630 } });
await page.setContent(`<style>body{margin:0}svg{display:block}</style>${readFileSync(new URL('preview.svg', folder), 'utf8')}`);
writeFileSync(new URL('preview.png', folder), await page.screenshot());
await browser.close();
