// SPDX-License-Identifier: EUPL-1.2
// A person's way through a portal, in clicks: a click is a link followed or a form sent; typing is none.

const decoded = (text) => text.replaceAll("&amp;", "&").replaceAll("&quot;", '"').replaceAll("&#39;", "'")
  .replaceAll("&lt;", "<").replaceAll("&gt;", ">");

// The addresses of links whose element or address matches.
export const links = (html, pattern) =>
  [...html.matchAll(/<a\b[^>]*?\bhref="([^"]*)"[^>]*>/g)]
    .map(([whole, href]) => ({ whole, href: decoded(href) }))
    .filter(({ whole, href }) => pattern.test(whole) || pattern.test(href))
    .map(({ href }) => href);

// What a service page leads to: "online" (a button to the online service), "authority" (address, telephone or web shown
// on the page itself: no further click), "call" (nobody is known: the number 115), or nothing.
export function wayOut(html) {
  if (/<section class="vb-action"/.test(html)) return "online";
  if (/<section class="vb-unit"/.test(html) && /class="vb-(address|contacts)"/.test(html)) return "authority";
  if (/href="tel:115"/.test(html)) return "call";
  return "";
}

// From the start page: the words and the place are typed into its form, "Suchen" is the first click, the hit with these
// words as its title the second. Gives {clicks, page}: the service page, which must show `authority`.
export async function find(base, what, where, authority) {
  const get = async (path) => {
    const answer = await fetch(new URL(path, base), { headers: { connection: "close" } });
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status}`);
    return answer.text();
  };
  const start = await get("/");
  const forms = [...start.matchAll(/<form\b[^>]*\baction="([^"]*)"[^>]*>[^]*?<\/form>/g)];
  const form = forms.find(([whole]) => whole.includes('id="was"'));
  const field = (id) => form?.[0].match(new RegExp(`<input\\b[^>]*\\bid="${id}"[^>]*>`))?.[0].match(/\bname="([^"]*)"/)?.[1];
  if (!form || !field("was") || !field("wo")) throw new Error("the start page has no search for what and where");
  const asked = new URLSearchParams([[field("was"), what], [field("wo"), where]]);
  const results = await get(`${decoded(form[1])}?${asked}`);
  const hits = [...results.matchAll(/class="vb-result__title"[^>]*>\s*<a\b[^>]*?\bhref="([^"]*)"[^>]*>([^]*?)<\/a>/g)];
  const hit = hits.find(([, , title]) => decoded(title.replace(/<[^>]*>/g, "")).includes(what));
  if (!hit) throw new Error(`no hit is called "${what}" among ${hits.length}`);
  const page = await get(decoded(hit[1]));
  const shown = decoded(page.replace(/<[^>]*>/g, " "));
  if (!shown.includes(authority)) throw new Error(`${hit[1]} does not name "${authority}"`);
  const way = wayOut(page);
  if (way === "" || way === "call") throw new Error(`${hit[1]} leads to nobody`);
  return { clicks: way === "online" ? 3 : 2, page: decoded(hit[1]) };
}
