// SPDX-License-Identifier: EUPL-1.2
// Inside a frame on another website: what belongs to this portal opens in the frame, everything else leaves it; the
// page around hears how high this one is. Nothing else is told to anybody. Feedback is given on the portal itself: a form in
// a frame cannot show where it comes from.
'use strict';

for (const link of document.querySelectorAll('a[href]')) {
  if (link.host === window.location.host && link.target === '') link.target = '_self';
}
for (const form of document.forms) form.target = '_self';

function tell() {
  const height = Math.ceil(document.body.getBoundingClientRect().height);
  window.parent.postMessage({ verbund: 'height', height }, '*');
}
if (window.parent !== window) {
  new ResizeObserver(tell).observe(document.body);
  tell();
}
