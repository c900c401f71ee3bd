// SPDX-License-Identifier: EUPL-1.2
// Lists the pages that are kept on this device, newest first, and deletes all of it when asked.
'use strict';

const PAGES = 'verbund-seiten-1';

async function keptPages() {
  const cache = await caches.open(PAGES);
  const pages = await Promise.all((await cache.keys()).map(async (request) => {
    const answer = await cache.match(request);
    const parsed = new DOMParser().parseFromString(await answer.text(), 'text/html');
    return {
      url: request.url,
      language: parsed.documentElement.lang,
      title: parsed.querySelector('h1')?.textContent.trim() || parsed.title,
      place: parsed.querySelector('.vb-crumbs li:nth-last-child(2):not(:first-child)')?.textContent.trim() ?? '',
      time: new Date(answer.headers.get('x-verbund-kept')),
    };
  }));
  return pages.sort((a, b) => b.time - a.time);
}

async function show(section) {
  const pages = await keptPages();
  const language = document.documentElement.lang;
  const format = new Intl.DateTimeFormat(language === 'ar' ? 'ar-u-nu-latn' : language, { dateStyle: 'long', timeStyle: 'short' });
  section.querySelector('[data-none]').hidden = pages.length > 0;
  section.querySelector('[data-clear]').hidden = pages.length === 0;
  const list = section.querySelector('[data-list]');
  list.hidden = pages.length === 0;
  list.replaceChildren(...pages.map(({ url, language: lang, title, place, time }) => {
    const item = document.createElement('li');
    const link = document.createElement('a');
    link.href = url;
    link.lang = lang;
    link.textContent = place ? `${title} · ${place}` : title;
    const note = document.createElement('span');
    note.className = 'vb-muted';
    note.textContent = section.dataset.asOf.replace('{time}', format.format(time));
    item.append(link, note);
    return item;
  }));
}

const section = document.querySelector('[data-kept]');
if (section && 'caches' in window) {
  section.querySelector('[data-clear]').addEventListener('click', async () => {
    await caches.delete(PAGES);
    for (const key of Object.keys(localStorage)) if (key.startsWith('verbund-haken ')) localStorage.removeItem(key);
    await show(section);
  });
  show(section);
}
