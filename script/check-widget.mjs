// SPDX-License-Identifier: EUPL-1.2
// Puts the portal into another website, as a town would, in headless Chromium:
//   node script/check-widget.mjs [--screenshots FOLDER] ADDRESS
// The script is at most 5 KiB; the link becomes a frame; the frame gets the height of its page; a search works in it;
// an outside link leaves it; no request goes to anybody but the website and the portal; without JavaScript it is a
// link. Then /115 by keyboard alone. Ends with "N passed, N failed" and status 1 if any failed.
import { createServer } from 'node:http';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { launch } from './chromium.mjs';

const words = process.argv.slice(2);
const at = words.indexOf('--screenshots');
const screenshots = at < 0 ? '' : words.splice(at, 2)[1];
if (words.length !== 1) {
  console.error('usage: node script/check-widget.mjs [--screenshots FOLDER] ADDRESS');
  process.exit(2);
}
const portal = new URL(words[0]).origin;
if (screenshots) mkdirSync(screenshots, { recursive: true });

const page = `<!DOCTYPE html><html lang="de"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>Stadt</title></head><body><h1>Willkommen in unserer Stadt</h1>
<p><a href="${portal}/norderstedt" data-verbund>Leistungen in Norderstedt</a></p>
<p><a href="https://elsewhere.example/" data-verbund>Nicht vom Portal</a></p>
<script src="${portal}/einbetten.js" defer></script></body></html>`;
const website = createServer((request, response) => {
  response.setHeader('Content-Type', 'text/html; charset=utf-8');
  response.end(page);
});
await new Promise((ready) => { website.listen(0, '127.0.0.1', ready); });
const address = `http://127.0.0.1:${website.address().port}/`;

let passed = 0;
let failed = 0;
function expect(name, holds, note = '') {
  if (holds) passed += 1;
  else failed += 1;
  console.log(`${holds ? 'ok    ' : 'FAILED'} ${name}${note ? ` (${note})` : ''}`);
}

// The height comes by message whenever the page in the frame has another one: it is right in the end, not at each moment.
async function follows(tab) {
  const until = Date.now() + 10_000;
  for (;;) {
    const frame = await tab.locator('iframe').evaluate((element) => ({ told: element.style.height, height: element.clientHeight }));
    const inner = await tab.frames()[1].evaluate(() => [document.documentElement.scrollHeight, Math.ceil(document.body.getBoundingClientRect().height)]);
    const right = frame.told.endsWith('px') && inner.every((height) => Math.abs(frame.height - height) <= 2);
    if (right || Date.now() > until) return [right, `${frame.height}, page ${inner[0]}, its content ${inner[1]} pixels`];
    await tab.waitForTimeout(50);
  }
}

const script = await fetch(`${portal}/einbetten.js`);
const bytes = (await script.arrayBuffer()).byteLength;
expect('the script is at most 5 KiB', script.ok && bytes <= 5 * 1024, `${bytes} bytes`);

const browser = await launch();
try {
  for (const [name, width] of [['desktop', 1280], ['phone', 390]]) {
    const tab = await browser.newPage({ viewport: { width, height: 900 } });
    const hosts = new Set();
    tab.on('request', (request) => hosts.add(new URL(request.url()).origin));
    await tab.goto(address);
    const frame = tab.frameLocator('iframe');
    await frame.locator('h1').waitFor();
    expect(`${name}: the frame gets the height of its page`, ...await follows(tab));
    expect(`${name}: only one link became a frame`, await tab.locator('iframe').count() === 1);
    const title = await tab.locator('iframe').getAttribute('title');
    expect(`${name}: the frame has a name`, title === 'Leistungen in Norderstedt');
    if (screenshots) await tab.screenshot({ path: join(screenshots, `widget-${name}.png`) });
    await tab.frames()[1].goto(`${portal}/suche?rahmen=1`);
    await frame.locator('#was').fill('Perso verloren');
    await frame.locator('#wo').fill('22846');
    // Suggestions may hide the button on a phone by now: there one of them is taken.
    if (name === 'phone') await frame.locator('[role=option]').first().click();
    else await frame.locator('#wo').press('Enter');
    await frame.locator('.vb-result a').first().click();
    await frame.locator('.vb-side').waitFor();
    const inside = new URL(tab.frames()[1].url());
    expect(`${name}: search and service page work in the frame`,
      inside.searchParams.get('rahmen') === '1' && tab.url() === address, inside.pathname);
    const outside = await frame.locator('a[rel="external"]').first()
      .evaluate((link) => link.target || document.querySelector('base').target);
    expect(`${name}: an outside link leaves the frame`, outside === '_top');
    expect(`${name}: and of the next page in it`, ...await follows(tab));
    if (screenshots) await tab.screenshot({ path: join(screenshots, `widget-service-${name}.png`), fullPage: true });
    const known = [...hosts].every((host) => host === portal || address.startsWith(host));
    expect(`${name}: no request to anybody else`, known, [...hosts].join(' '));
    await tab.close();
  }

  const plain = await browser.newContext({ javaScriptEnabled: false });
  const quiet = await plain.newPage();
  await quiet.goto(address);
  await quiet.click('a[data-verbund]');
  expect('without JavaScript it is a link', quiet.url() === `${portal}/norderstedt`);
  await quiet.goto(`${portal}/115`);
  await quiet.keyboard.type('Perso verloren 22846');
  await quiet.keyboard.press('Enter');
  await quiet.waitForURL(/q=/);
  expect('115 without JavaScript: question, Enter, answer', await quiet.locator('#antwort').count() === 1);
  await plain.close();

  const tab = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  await tab.goto(`${portal}/115`);
  await tab.keyboard.type('Personalausweis 22846');
  await tab.keyboard.press('Enter');
  await tab.waitForURL(/q=/);
  const first = await tab.textContent('#antwort');
  expect('115: the answer has the focus', await tab.evaluate(() => document.activeElement.id === 'antwort'), first);
  if (screenshots) await tab.screenshot({ path: join(screenshots, '115-desktop.png'), fullPage: true });
  await tab.keyboard.press('2');
  await tab.waitForURL(/nr=2/);
  expect('115: a digit chooses another hit', await tab.textContent('#antwort') !== first);
  await tab.keyboard.type('Hund');
  expect('115: letters begin a new question', await tab.inputValue('#was') === 'Hund');
  await tab.keyboard.press('Enter');
  await tab.waitForURL(/q=Hund/);
  expect('115: the place is kept', await tab.inputValue('#wo') === 'Norderstedt');
  await tab.keyboard.press('ArrowDown');
  await tab.keyboard.press('ArrowDown');
  await Promise.all([tab.waitForURL(/nr=2/), tab.keyboard.press('Enter')]);
  expect('115: arrows and Enter choose a hit', true);
  await tab.keyboard.press('Escape');
  expect('115: Escape goes back to the question', await tab.evaluate(() => document.activeElement.id === 'was'));
} catch (error) {
  expect(error.message.split('\n')[0], false);
} finally {
  await browser.close();
  website.close();
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
