// SPDX-License-Identifier: EUPL-1.2
// What the checks of pages share: which pages, which rules, and when a demonstration is ready to be looked at.
import { readFileSync } from 'node:fs';

// Of web/check/pages.txt: [{path, status}].
export function pagesToCheck() {
  return readFileSync(new URL('../web/check/pages.txt', import.meta.url), 'utf8').split('\n')
    .map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split(/\s+!/)).map(([path, status]) => ({ path, status: Number(status ?? 200) }));
}

export const htmlRules = {
  extends: ['html-validate:standard', 'html-validate:a11y'],
  rules: {
    'long-title': 'off',        // titles come from the data
    'no-trailing-whitespace': 'off',
    // Names of offices and telephone numbers are written as their publishers write them.
    'tel-non-breaking': 'off',
  },
};

// Until everything the node says stands in its log: pages of the network and of proofs are there only then.
export async function settle(base) {
  const until = Date.now() + 60_000;
  for (;;) {
    const metrics = await (await fetch(new URL('/metrics', base))).text();
    if (Number(metrics.match(/^verbund\w*_log_pending (\d+)/m)?.[1] ?? 0) === 0) return;
    if (Date.now() > until) throw new Error('the log of the node is not written after a minute');
    await new Promise((done) => setTimeout(done, 200));
  }
}

// Everything a page can show, as it is looked at by checks: open what folds, also what is not on the screen. Not the list of
// languages, which lies over the page.
export async function unfold(page) {
  await page.addStyleTag({ content: '* { content-visibility: visible !important; }' });
  await page.evaluate(() => document.querySelectorAll('main details').forEach((details) => { details.open = true; }));
}
