// SPDX-License-Identifier: EUPL-1.2
// For the websites of others: turns links with data-verbund into frames that show the page they lead to.
//   <a href="https://portal.example/norderstedt" data-verbund>Leistungen in Norderstedt</a>
//   <script src="https://portal.example/einbetten.js" defer></script>
// Without JavaScript they stay links. No request goes anywhere but to the portal the script came from; no cookie.
(() => {
  'use strict';

  const home = new URL(document.currentScript.src).origin;
  const frames = [];

  function embed(link) {
    const url = new URL(link.href, document.baseURI);
    if (url.origin !== home) return;   // only pages of the portal the script came from
    url.searchParams.set('rahmen', '1');
    const frame = document.createElement('iframe');
    frame.src = url.href;
    frame.title = link.dataset.verbund || link.textContent.trim();
    frame.loading = 'lazy';
    frame.referrerPolicy = 'no-referrer';
    frame.style.cssText = 'width:100%;height:30rem;border:0';
    link.replaceWith(frame);
    frames.push(frame);
  }

  window.addEventListener('message', (event) => {
    if (event.origin !== home || !event.data || event.data.verbund !== 'height') return;
    const height = Number(event.data.height);
    const frame = frames.find((each) => each.contentWindow === event.source);
    if (frame && height > 0 && height < 100000) frame.style.height = `${height}px`;
  });

  document.querySelectorAll('a[data-verbund]').forEach(embed);
})();
