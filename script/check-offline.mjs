// SPDX-License-Identifier: EUPL-1.2
// The portal as an app, in headless Chromium: node script/check-offline.mjs PROGRAM [--screenshots FOLDER]
//
// Installable (manifest, icons, service worker); a service that was read is there without a network and says of when it
// is, its ticked list too; a change replaces what is kept; forms, searches and status are never kept; the page of what
// is kept lists and deletes it; without a service worker everything is as before. The network goes away by stopping the
// server. Ends with "N passed, N failed".
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { launch, launchKeeping } from './chromium.mjs';
import { run, serve, temporaryFolder } from './program.mjs';

const words = process.argv.slice(2);
const at = words.indexOf('--screenshots');
const screenshots = at < 0 ? '' : words.splice(at, 2)[1];
const program = resolve(words[0] ?? 'build/verbund');
const SERVICE = '/norderstedt/personalausweis-beantragen';
const data = join(temporaryFolder(), 'data');

function freePort() {
  return new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}
const port = await freePort();
const start = () => serve(program, ['--demo', '--data', data, '--port', String(port)]);
const base = `http://localhost:${port}`;
let server = await start();

const profile = mkdtempSync(join(tmpdir(), 'check-offline-'));
if (screenshots) mkdirSync(screenshots, { recursive: true });
const context = await launchKeeping(profile, { locale: 'de-DE', viewport: { width: 390, height: 844 } });
context.setDefaultTimeout(20_000);
const page = await context.newPage();
const faults = [];
page.on('pageerror', (error) => faults.push(error.message));

let passed = 0;
let failed = 0;
async function check(name, work) {
  const problems = [];
  try {
    await work((good, problem) => { if (!good) problems.push(problem); });
  } catch (error) {
    problems.push(error.message.split('\n')[0]);
  }
  problems.push(...faults.splice(0));
  if (problems.length === 0) passed += 1;
  else failed += 1;
  console.log(`${problems.length === 0 ? 'ok    ' : 'FAILED'} ${name}`);
  for (const problem of problems) console.log(`         ${problem}`);
}
const open = (path) => page.goto(base + path);
const picture = async (name) => { if (screenshots) await page.screenshot({ path: join(screenshots, `offline-${name}.png`), fullPage: true }); };
const keptAddresses = () => page.evaluate(async () => {
  const out = [];
  for (const name of await caches.keys()) {
    if (name.startsWith('verbund-seiten-')) out.push(...(await (await caches.open(name)).keys()).map(({ url }) => new URL(url).pathname + new URL(url).search));
  }
  return out;
});
const soon = async (holds) => {
  for (let i = 0; i < 100; ++i) {
    if (await holds()) return true;
    await new Promise((done) => setTimeout(done, 50));
  }
  return false;
};

try {
  await check('the manifest is one and its icons are as large as it says', async (expect) => {
    for (const language of ['', '?lang=ar', '?lang=de-simple']) {
      const answer = await page.request.get(`${base}/manifest.webmanifest${language}`);
      expect(answer.headers()['content-type'] === 'application/manifest+json', 'media type');
      const manifest = await answer.json();
      for (const name of ['name', 'short_name', 'start_url', 'scope', 'display', 'icons', 'theme_color', 'lang', 'dir']) {
        expect(manifest[name], `${name} is missing`);
      }
      for (const icon of manifest.icons.filter(({ type }) => type === 'image/png')) {
        const bytes = await (await page.request.get(base + icon.src)).body();
        expect(`${bytes.readUInt32BE(16)}x${bytes.readUInt32BE(20)}` === icon.sizes, `${icon.src} is not ${icon.sizes}`);
      }
      expect(manifest.icons.some(({ purpose }) => purpose === 'maskable'), 'no maskable icon');
    }
    await open('/');
    const session = await context.newCDPSession(page);
    const { errors } = await session.send('Page.getAppManifest');
    expect(errors.length === 0, JSON.stringify(errors));
    const { installabilityErrors } = await session.send('Page.getInstallabilityErrors');
    const real = installabilityErrors.filter(({ errorId }) => errorId !== 'in-incognito');
    expect(real.length === 0, JSON.stringify(real));
  });

  await check('the service worker starts under our content security policy', async (expect) => {
    await page.evaluate(() => navigator.serviceWorker.ready);
    expect(await soon(() => page.evaluate(() => navigator.serviceWorker.controller !== null)), 'does not control the page');
  });

  await check('what was read is kept, nothing else is', async (expect) => {
    await open(SERVICE);
    await page.check('[data-ticks] li:nth-child(2) input');
    await open(`${SERVICE}?lang=en`);
    await open('/behoerden/buergeramt-norderstedt');
    for (const path of ['/suche?q=Perso&ort=22846', '/barriere-melden', '/status', '/rueckmeldung', '/norderstedt', '/115', '/datenschutz']) await open(path);
    expect(await soon(async () => (await keptAddresses()).length === 3), `kept: ${await keptAddresses()}`);
  });

  await server.stop();
  await check('without a network a service is there, says of when it is, and its ticks too', async (expect) => {
    await open(SERVICE);
    const stale = await page.textContent('[data-stale]');
    expect(await page.isVisible('[data-stale]'), 'the date is not shown');
    expect(/Kein Netz. Sie sehen den Stand vom \d+\. \S+ \d{4}/.test(stale), stale);
    expect(await soon(() => page.isChecked('[data-ticks] li:nth-child(2) input')), 'the tick is gone');
    expect(!await page.isChecked('[data-ticks] li:nth-child(1) input'), 'another tick is there');
    const styled = await page.evaluate(() => getComputedStyle(document.querySelector('.vb-side')).borderTopLeftRadius);
    expect(styled !== '0px', 'without its styles');
    await picture('service');
    await open(`${SERVICE}?lang=en`);
    expect((await page.textContent('[data-stale]')).startsWith('No network.'), 'English');
  });
  await check('what was not read leads to the list of what is there', async (expect) => {
    await open('/kiel/personalausweis-beantragen');
    expect(await page.textContent('h1') === 'Ohne Netz', await page.textContent('h1'));
    await page.waitForSelector('.vb-kept li');
    expect(await page.locator('.vb-kept li').count() === 3, 'not three pages');
    await picture('list');
    await open('/?lang=en');
    expect(await page.textContent('h1') === 'Offline', await page.textContent('h1'));
  });

  await check('a changed service replaces the kept page', async (expect) => {
    server = await start();
    await open(SERVICE);
    expect(!await page.isVisible('[data-stale]'), 'the date is shown with a network');
    const folder = temporaryFolder();
    run(program, ['export', 'xzufi', folder, '--data', data]);
    let changed = 0;
    for (const name of readdirSync(folder)) {
      const path = join(folder, name);
      const text = readFileSync(path, 'utf8');
      const now = text.replaceAll('Personalausweis beantragen', 'Personalausweis neu beantragen');
      if (now !== text) changed += 1;
      writeFileSync(path, now);
    }
    expect(changed > 0, 'nothing to change');
    const imported = run(program, ['import', 'xzufi', folder, '--data', data]);
    expect(imported.status === 0, imported.err);
    expect(await soon(async () => {
      await open(SERVICE);
      return (await page.textContent('h1')).includes('neu beantragen');
    }), 'the change does not show');
    const current = page.url().replace(base, '');
    expect(await soon(async () => (await keptAddresses()).includes(current)), 'not kept');
    await server.stop();
    await open(current);
    expect((await page.textContent('h1')).includes('neu beantragen'), 'the old page is kept');
    expect(await page.isVisible('[data-stale]'), 'no date');
    server = await start();
  });

  await check('everything can be deleted from the device', async (expect) => {
    await open('/offline');
    await page.click('[data-clear]');
    expect(await soon(async () => (await keptAddresses()).length === 0), 'pages are still there');
    expect(await page.evaluate(() => Object.keys(localStorage).length) === 0, 'ticks are still there');
    expect(await page.isVisible('[data-none]'), 'does not say so');
  });

  await check('without a service worker all is as before', async (expect) => {
    const browser = await launch();
    const plain = await browser.newContext({ serviceWorkers: 'block', locale: 'de-DE' });
    const other = await plain.newPage();
    const problems = [];
    other.on('pageerror', (error) => problems.push(error.message));
    await other.goto(base + SERVICE);
    expect(!await other.isVisible('[data-stale]'), 'the date is shown');
    await other.goto(`${base}/offline`);
    expect(await other.isVisible('[data-none]'), 'the list');
    expect(problems.length === 0, problems.join());
    await browser.close();
  });
} finally {
  await context.close();
  rmSync(profile, { recursive: true, force: true });
  await server.stop();
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);
