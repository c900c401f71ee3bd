// SPDX-License-Identifier: EUPL-1.2
// Suggestions as one types, on top of a form that works without: an editable combobox with a list.
// Source: WAI-ARIA Authoring Practices, combobox with list autocomplete, manual selection.
'use strict';

const WAIT_MS = 120;
const KEEP_AFTER_MS = 3000;
const NEAR_KM = 50;
let lists = 0;

// What nobody needs to read the page waits until it stands: on a cheap phone each of these tasks takes long.
function whenIdle(work) {
  const idle = () => (window.requestIdleCallback ? requestIdleCallback(work) : setTimeout(work, 200));
  if (document.readyState === 'complete') idle();
  else window.addEventListener('load', idle, { once: true });
}

// The list comes into the page when somebody goes to the field.
function enhance(form, input) {
  if (input.hasAttribute('role')) return;
  const kind = input.dataset.suggest;
  const place = kind === 'services' ? form.elements.namedItem('ort') : null;
  lists += 1;

  const list = document.createElement('ul');
  list.id = `vorschlaege-${lists}`;
  list.className = 'vb-options';
  list.hidden = true;
  list.setAttribute('role', 'listbox');
  list.setAttribute('aria-label', input.dataset.listLabel);
  const status = document.createElement('div');
  status.className = 'kern-sr-only';
  status.setAttribute('role', 'status');
  const bring = () => {
    if (!list.isConnected) input.parentElement.append(list, status);
  };
  if (document.activeElement === input) bring();
  else input.addEventListener('focus', bring, { once: true });

  input.autocomplete = 'off';
  input.setAttribute('role', 'combobox');
  input.setAttribute('aria-autocomplete', 'list');
  input.setAttribute('aria-controls', list.id);
  input.setAttribute('aria-expanded', 'false');

  let items = [];
  let active = -1;
  let timer = 0;
  let request = null;

  function close() {
    clearTimeout(timer);
    request?.abort();
    list.hidden = true;
    active = -1;
    input.setAttribute('aria-expanded', 'false');
    input.removeAttribute('aria-activedescendant');
  }

  function mark(index) {
    active = index;
    [...list.children].forEach((option, at) => option.setAttribute('aria-selected', String(at === index)));
    if (index < 0) {
      input.removeAttribute('aria-activedescendant');
      return;
    }
    input.setAttribute('aria-activedescendant', list.children[index].id);
    list.children[index].scrollIntoView({ block: 'nearest' });
  }

  function choose(index) {
    const item = items[index];
    close();
    input.value = item.value;
    if (item.url) {
      window.location.assign(item.url);
      return;
    }
    // The place is mostly what is typed last: when nothing is missing, choosing it also sends the question.
    const question = form.elements.namedItem('q');
    if (!question || question.value.trim() !== '') form.requestSubmit();
  }

  function show(found) {
    items = found;
    list.replaceChildren(...items.map((item, at) => {
      const option = document.createElement('li');
      option.id = `${list.id}-${at}`;
      option.setAttribute('role', 'option');
      option.setAttribute('aria-selected', 'false');
      if (item.language) option.lang = item.language;
      option.textContent = item.label;
      option.addEventListener('pointerdown', (event) => event.preventDefault());
      option.addEventListener('click', () => choose(at));
      return option;
    }));
    active = -1;
    input.removeAttribute('aria-activedescendant');
    list.hidden = items.length === 0;
    input.setAttribute('aria-expanded', String(!list.hidden));
    const { statusNone, statusOne, statusMany } = form.dataset;
    status.textContent = items.length === 0 ? statusNone
      : items.length === 1 ? statusOne : statusMany.replace('{count}', String(items.length));
  }

  async function ask(again = false) {
    const typed = input.value.trim();
    if (typed.length < 2) {
      close();
      return;
    }
    request?.abort();
    const mine = new AbortController();
    request = mine;
    const url = new URL(form.dataset.suggestions, window.location.href);
    if (kind === 'services') url.searchParams.set('q', typed);
    url.searchParams.set('ort', kind === 'services' ? place?.value.trim() ?? '' : typed);
    try {
      const answer = await fetch(url, { signal: mine.signal });
      if (answer.ok) {
        const { items: found } = await answer.json();
        if (request === mine) show(found);
      } else if (answer.status === 503 && !again && request === mine) {
        timer = setTimeout(() => ask(true), 1000);  // Too many ask at this moment: once more, not for ever.
      }
    } catch {
      // Overtaken by the next letter, whose list is to come. Else offline: the form works without suggestions.
      if (request === mine && !mine.signal.aborted) close();
    }
  }

  input.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(() => ask(), WAIT_MS);
  });
  input.addEventListener('blur', close);
  // Whoever reaches for something else is not caught by a list that comes just then and lies under the finger.
  document.addEventListener('pointerdown', (event) => {
    if (event.target !== input && !list.contains(event.target)) close();
  });
  input.addEventListener('keydown', (event) => {
    if (event.isComposing) return;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      if (list.hidden) {
        ask();
        return;
      }
      const step = event.key === 'ArrowDown' ? 1 : -1;
      const count = items.length;
      mark(active < 0 ? (step > 0 ? 0 : count - 1) : (active + step + count) % count);
    } else if (event.key === 'Enter' && active >= 0) {
      event.preventDefault();
      choose(active);
    } else if (event.key === 'Escape' && !list.hidden) {
      event.preventDefault();
      close();
    } else if (event.key === 'Tab') {
      close();
    }
  });
}

function offerSuggestions() {
  for (const form of document.querySelectorAll('form[data-suggestions]')) {
    const inputs = form.querySelectorAll('input[data-suggest]');
    const begin = () => inputs.forEach((input) => enhance(form, input));
    for (const event of ['pointerdown', 'focusin']) form.addEventListener(event, begin, { once: true, capture: true });
    whenIdle(begin);
  }
}

// The nearest place, found on this device: the list is the same for everybody, and where somebody is leaves nobody's device.
async function locate(button) {
  const input = button.closest('.vb-combo').querySelector('input');
  const say = button.form.querySelector('.vb-located');
  const { places: address, found, none, denied } = button.dataset;
  try {
    const [{ coords }, { places }] = await Promise.all([
      new Promise((done, failed) => {
        navigator.geolocation.getCurrentPosition(done, failed, { maximumAge: 600_000, timeout: 15_000 });
      }),
      fetch(address).then((answer) => answer.json()),
    ]);
    const east = Math.cos((coords.latitude * Math.PI) / 180);
    const far = ([, , latitude, longitude]) => 111.2 * Math.hypot(latitude / 1000 - coords.latitude, (longitude / 1000 - coords.longitude) * east);
    const nearest = places.reduce((best, place) => (!best || far(place) < far(best) ? place : best), null);
    if (!nearest || far(nearest) > NEAR_KM) {
      say.textContent = none;
      return;
    }
    [input.value] = nearest;
    say.textContent = found.replace('{place}', nearest[1]).replace('{distance}', String(Math.max(1, Math.round(far(nearest)))));
  } catch {
    say.textContent = denied;
  }
}

// The list of languages folds itself when somebody goes elsewhere.
function foldLanguages() {
  const languages = document.querySelector('.vb-languages details');
  if (!languages) return;
  const fold = (event) => {
    if (!languages.contains(event.target)) languages.open = false;
  };
  document.addEventListener('pointerdown', fold);
  document.addEventListener('focusin', fold);
  languages.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || !languages.open) return;
    languages.open = false;
    languages.firstElementChild.focus();
  });
}

// Tools that need a script, and "open now": by the clock in Berlin, from the hours that stand below.
function showTools() {
  for (const tools of document.querySelectorAll('[data-tools]')) {
    tools.hidden = false;
    tools.querySelector('[data-print]').addEventListener('click', () => window.print());
    const share = tools.querySelector('[data-share]');
    share.addEventListener('click', async () => {
      const address = window.location.href;
      try {
        if (navigator.share) {
          await navigator.share({ title: document.title, url: address });
        } else {
          await navigator.clipboard.writeText(address);
          share.firstElementChild.textContent = share.dataset.copied;
        }
      } catch {
        // Whoever closes the dialogue or forbids the clipboard still has the address of the page.
      }
    });
  }
}

// The last Sunday of a month at 01:00 UTC, when the clocks of the European Union change. Source: Directive 2000/84/EC.
function clocksChange(year, month) {
  const last = new Date(Date.UTC(year, month + 1, 0, 1));
  return last.setUTCDate(last.getUTCDate() - last.getUTCDay());
}

// Weekday (1: Monday) and "HH:MM" in Berlin. Not from Intl: to load its time zones takes a cheap phone a quarter of a second.
function berlinNow() {
  const now = Date.now();
  const year = new Date(now).getUTCFullYear();
  const summer = now >= clocksChange(year, 2) && now < clocksChange(year, 9);
  const there = new Date(now + (summer ? 2 : 1) * 3600_000);
  return { day: there.getUTCDay() || 7, time: there.toISOString().slice(11, 16) };
}

function showHours() {
  for (const place of document.querySelectorAll('[data-hours]')) {
    const { day, time } = berlinNow();
    const spans = place.dataset.hours.split(',').map((text) => {
      const [weekday, opens, closes] = text.split(/[ -]/);
      return { ahead: (Number(weekday) - day + 7) % 7, weekday: Number(weekday), opens, closes };
    });
    const open = spans.find((span) => span.ahead === 0 && span.opens <= time && time < span.closes);
    const later = spans.map((span) => (span.ahead === 0 && span.opens <= time ? { ...span, ahead: 7 } : span))
      .sort((a, b) => a.ahead - b.ahead || (a.opens < b.opens ? -1 : 1))[0];
    const say = (text, hour, name) => text.replace('{time}', hour).replace('{day}', name);
    const days = place.dataset.days.split('|');
    place.textContent = open ? say(place.dataset.open, open.closes, '')
      : say(later.ahead === 0 ? place.dataset.today : place.dataset.later, later.opens, days[later.weekday - 1]);
    place.classList.toggle('vb-open--now', Boolean(open));
    place.hidden = false;
  }
}

// Ticks of a list of documents stay on this device, by the words that were ticked.
function keepTicks(list) {
  const key = `verbund-haken ${window.location.pathname}`;
  const note = list.nextElementSibling;
  const boxes = [...list.querySelectorAll('input[type="checkbox"]')];
  const words = (box) => box.parentElement.textContent.trim();
  let brought = false;
  const withStorage = (work) => {
    try {
      work();
    } catch {
      note.hidden = true;   // Without storage the list works as paper does.
    }
  };
  // What was ticked before, but for the box that somebody just touched.
  const bring = (touched) => {
    if (brought) return;
    brought = true;
    const ticked = JSON.parse(localStorage.getItem(key) ?? '[]');
    for (const box of boxes) if (box !== touched) box.checked = ticked.includes(words(box));
  };
  note.hidden = false;
  list.addEventListener('change', (event) => withStorage(() => {
    bring(event.target);
    const now = boxes.filter((box) => box.checked).map(words);
    if (now.length > 0) localStorage.setItem(key, JSON.stringify(now));
    else localStorage.removeItem(key);
  }));
  // To ask the storage means to wait for another process of the browser: the page stands before.
  whenIdle(() => withStorage(() => bring()));
}

// What was seen stays readable without a network (sw.js); everything works without it too.
function keepPages() {
  if (!('serviceWorker' in navigator) || document.body.classList.contains('vb-framed')) return;
  whenIdle(() => setTimeout(() => navigator.serviceWorker.register('/sw.js').catch(() => {}), KEEP_AFTER_MS));
}

function offerPlace() {
  for (const button of document.querySelectorAll('[data-places]')) button.addEventListener('click', () => locate(button));
}

function keepAllTicks() {
  for (const list of document.querySelectorAll('[data-ticks]')) keepTicks(list);
}

// The page stands before the script begins, each part in a task of its own: on a cheap phone they take long.
function begin() {
  for (const part of [offerSuggestions, offerPlace, showHours, showTools, keepAllTicks, foldLanguages, keepPages]) setTimeout(part);
}
if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', begin, { once: true });
else begin();
