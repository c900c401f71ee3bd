// SPDX-License-Identifier: EUPL-1.2
// The page for the service line by keyboard alone: digits choose a hit, letters begin a new question, Escape goes back
// to the field, arrows walk through the hits. Without this script access keys do the same.
'use strict';

const form = document.querySelector('.vb-counter');
if (form) {
  const question = form.elements.namedItem('q');
  const hits = [...document.querySelectorAll('.vb-numbered a')];
  const answer = document.getElementById('antwort');

  // Whoever has an answer reads or goes on; the field is one key away.
  if (answer) answer.focus({ preventScroll: true });

  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const typing = event.target instanceof HTMLInputElement;
    if (event.key === 'Escape') {
      question.focus();
      question.select();
    } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      if (hits.length === 0) return;
      const at = hits.indexOf(document.activeElement);
      const next = event.key === 'ArrowDown' ? Math.min(at + 1, hits.length - 1) : at - 1;
      if (next < 0) question.focus();
      else hits[next].focus();
    } else if (!typing && /^[1-9]$/.test(event.key)) {
      const hit = hits[Number(event.key) - 1];
      if (!hit) return;
      hit.click();
    } else if (!typing && /^\p{L}$/u.test(event.key)) {
      question.value = '';
      question.focus();   // the letter lands in the field
      return;
    } else {
      return;
    }
    event.preventDefault();
  });
}
