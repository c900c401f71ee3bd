// SPDX-License-Identifier: EUPL-1.2
// Makes the styles of each kind of page: the part of KERN UX that it uses, then the part of our own layer.
// Usage: node web/build-styles.mjs OUTPUT KERN_CSS OWN_CSS TEMPLATE_FOLDER SCRIPT_FOLDER MORE...
// OUTPUT has a line for each template that begins with head.html: its name, a space, its styles. They stand in the page
// itself: a phone has all it needs to show a page with the first answer, and has no rule to look at that the page cannot use.
//
// A rule stays if every class of its selector occurs in the template, in what that includes, in scripts or in a file of MORE
// (files or folders: pictures, code that writes markup). A script named as a template belongs to that page alone. Of KERN, elements
// and attributes must occur in some template, too; fonts and other themes go. Custom properties with one value for everybody
// are written out where they are used: what is left for the browser to look up are the colours of light and dark and what
// depends on the width. Same input, same output.
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

const [output, kernPath, ownPath, templateFolder, scriptFolder, ...more] = process.argv.slice(2);
if (more.length === 0) {
  console.error('usage: build-styles.mjs OUTPUT KERN_CSS OWN_CSS TEMPLATE_FOLDER SCRIPT_FOLDER MORE...');
  process.exit(2);
}

// Index just after the string that starts at `at`.
function skipString(css, at) {
  const quote = css[at];
  for (at += 1; at < css.length && css[at] !== quote; at += 1) if (css[at] === '\\') at += 1;
  return at + 1;
}

function withoutComments(css) {
  let out = '';
  for (let at = 0; at < css.length;) {
    if (css[at] === '"' || css[at] === "'") {
      const end = skipString(css, at);
      out += css.slice(at, end);
      at = end;
    } else if (css.startsWith('/*', at)) {
      const end = css.indexOf('*/', at + 2);
      at = end < 0 ? css.length : end + 2;
    } else {
      out += css[at];
      at += 1;
    }
  }
  return out;
}

// Pieces between `separator` outside of strings and brackets.
function splitOutside(text, separator) {
  const parts = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < text.length; at += 1) {
    const c = text[at];
    if (c === '"' || c === "'") at = skipString(text, at) - 1;
    else if (c === '(' || c === '[') depth += 1;
    else if (c === ')' || c === ']') depth -= 1;
    else if (c === separator && depth === 0) {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  parts.push(text.slice(start));
  return parts.map((part) => part.trim().replace(/\s+/g, ' ')).filter((part) => part !== '');
}

// [{prelude, rules}] for at-rules with rules inside, [{prelude, declarations}] for the others.
function parse(css) {
  const rules = [];
  for (let at = 0; at < css.length;) {
    let open = at;
    while (open < css.length && css[open] !== '{' && css[open] !== ';') {
      open = css[open] === '"' || css[open] === "'" ? skipString(css, open) : open + 1;
    }
    if (open >= css.length) break;
    const prelude = css.slice(at, open).trim().replace(/\s+/g, ' ');
    if (css[open] === ';') {  // @charset and the like: not needed
      at = open + 1;
      continue;
    }
    let depth = 1;
    let end = open + 1;
    while (end < css.length && depth > 0) {
      if (css[end] === '"' || css[end] === "'") {
        end = skipString(css, end);
        continue;
      }
      if (css[end] === '{') depth += 1;
      if (css[end] === '}') depth -= 1;
      end += 1;
    }
    const body = css.slice(open + 1, end - 1);
    if (/^@(media|supports|layer|container)/.test(prelude)) rules.push({ prelude, rules: parse(body) });
    else rules.push({ prelude, declarations: splitOutside(body, ';') });
    at = end;
  }
  return rules;
}

// {name: text} of the files in a folder; name without its ending.
const filesOf = (folder) => Object.fromEntries(readdirSync(folder).sort()
  .map((name) => [basename(name).replace(/\.\w+$/, ''), readFileSync(join(folder, name), 'utf8')]));
const templates = filesOf(templateFolder);
const scripts = filesOf(scriptFolder);
const others = more.flatMap((path) => (statSync(path).isDirectory() ? Object.values(filesOf(path)) : [readFileSync(path, 'utf8')])).join('\n');

// A template with what it includes.
const whole = (name, seen = new Set()) => {
  if (seen.has(name)) return '';
  seen.add(name);
  return templates[name] + [...templates[name].matchAll(/\{\{>\s*(\w+)\s*\}\}/g)].map(([, part]) => whole(part, seen)).join('\n');
};

// Tells whether a class is used on a page; one that is put together ("vb-map__" and more) by its beginning.
function classesOf(page) {
  const text = [whole(page), others, ...Object.entries(scripts).filter(([name]) => name === page || !(name in templates)).map(([, script]) => script)].join('\n');
  const names = new Set(text.match(/[A-Za-z][\w-]*/g));
  const beginnings = [...names].filter((name) => /^(vb|kern)-.*[-_]$/.test(name));
  return (name) => names.has(name) || beginnings.some((beginning) => name.startsWith(beginning));
}

const markup = [...Object.values(templates), ...Object.values(scripts), others].join('\n');
const usedElements = new Set((markup.match(/<[a-z][a-z0-9]*/g) ?? []).map((text) => text.slice(1)).concat('html', 'body', 'li'));
// Attributes as they are written into pages: `name`, `name=`; of inputs also the type.
const usedAttribute = (name, value) => (value === undefined
  ? new RegExp(`[\\s}]${name}[\\s=>{/]`).test(markup) : markup.includes(`${name}="${value}"`));

// What stands in :is(), :where() and :not() need not be there.
function required(selector) {
  for (let before = ''; before !== selector;) {
    before = selector;
    selector = selector.replace(/:(is|where|not)\([^()]*\)/g, '');
  }
  return selector;
}

// Whether any of our pages could have what a selector of KERN means, but for its classes.
function possible(selector) {
  const bare = required(selector);
  if (bare.includes('[data-kern-theme')) return false;
  for (const [, name, value] of bare.matchAll(/\[([\w-]+)[~|^$*]?(?:="?([^"\]]*)"?)?\]/g)) {
    if (!usedAttribute(name.toLowerCase(), value)) return false;
  }
  if (/:disabled/.test(bare) && !usedAttribute('disabled')) return false;
  for (const [, name] of bare.replace(/\[[^\]]*\]/g, '').matchAll(/(?:^|[\s>+~])([a-z][a-z0-9]*)/g)) {
    if (!usedElements.has(name)) return false;
  }
  return true;
}

const classesUsed = (selector, used) => [...required(selector).replace(/"[^"]*"/g, '').matchAll(/\.((?:\\.|[A-Za-z_-][\w-]*)+)/g)].every(([, name]) => used(name));

// The rules of which some selector passes `keep`, with those selectors only.
function filtered(rules, keep) {
  const out = [];
  for (const rule of rules) {
    if (rule.rules) {
      const inner = filtered(rule.rules, keep);
      if (inner.length > 0) out.push({ ...rule, rules: inner });
      continue;
    }
    const selectors = splitOutside(rule.prelude, ',').filter(keep);
    if (selectors.length > 0) out.push({ ...rule, prelude: selectors.join(',') });
  }
  return out;
}

// Of KERN what the pages do in another way is left out.
const ownWay = (rule) => /^@(font-face|keyframes|property)/.test(rule.prelude)
  || rule.prelude === '*:not(i)'   // the font of every element: it is inherited from the body
  // Pictures in stylesheets: ours stand in the pages.
  || rule.declarations?.some((text) => /^(-webkit-)?mask:.*url\(|^forced-color-adjust:/.test(text));
// Of use to text of several lines only, where KERN has it for a field of one.
const idle = /^(-webkit-box-orient|-webkit-line-clamp|line-clamp)\b/;
const taken = (rules) => rules.filter((rule) => !ownWay(rule)).map((rule) => (rule.rules ? { ...rule, rules: taken(rule.rules) }
  : { ...rule, declarations: rule.declarations.filter((text) => !idle.test(text)) }));

// Where a custom property holds for the whole page, whatever the reader's system says.
const wholePage = (selector) => selector === ':root' || selector === 'html' || selector.startsWith(':is(body,');

function eachRule(rules, visit, around = '') {
  for (const rule of rules) {
    if (rule.rules) eachRule(rule.rules, visit, around + rule.prelude);
    else visit(rule, around);
  }
}

const property = (declaration) => declaration.match(/^(--[\w-]+)\s*:\s*([^]*)$/);

// Custom properties with one value for everybody: name -> value, the last one winning as it does for a browser.
function constants(rules) {
  const found = new Map();
  const vary = new Set();
  eachRule(rules, (rule, around) => {
    for (const declaration of rule.declarations) {
      const [, name, value] = property(declaration) ?? [];
      if (!name) continue;
      if (around !== '' || !wholePage(rule.prelude)) vary.add(name);
      else found.set(name, value);
    }
  });
  for (const name of vary) found.delete(name);
  return { found, vary };
}

// "var(--name, other)" by its value, or by `other` where nothing defines it.
function written(text, known) {
  for (let at = text.indexOf('var('); at >= 0; at = text.indexOf('var(', at)) {
    let end = at + 4;
    for (let depth = 1; depth > 0 && end < text.length; end += 1) {
      if (text[end] === '(') depth += 1;
      if (text[end] === ')') depth -= 1;
    }
    const [name, ...other] = splitOutside(text.slice(at + 4, end - 1), ',');
    if (known.vary.has(name)) {
      const kept = `var(${name})`;
      text = text.slice(0, at) + kept + text.slice(end);
      at += kept.length;
      continue;
    }
    const value = known.found.get(name) ?? (other.length > 0 ? other.join(',') : undefined);
    if (value === undefined) throw new Error(`nothing defines ${name}`);
    text = text.slice(0, at) + value + text.slice(end);
  }
  return text;
}

function write(rules, known, used) {
  let out = '';
  for (const rule of rules) {
    if (rule.rules) {
      const inner = write(rule.rules, known, used);
      if (inner !== '') out += `${rule.prelude}{${inner}}`;
      continue;
    }
    // Of a property that is set twice in a rule the last one counts.
    const names = rule.declarations.map((text) => text.split(':', 1)[0].trim());
    const declarations = rule.declarations.filter((_, at) => names.lastIndexOf(names[at]) === at)
      .filter((text) => !text.startsWith('--') || used?.has(property(text)[1]))
      .map((text) => written(text.replace(/^([\w-]+)\s*:\s*/, '$1:'), known));
    if (declarations.length > 0) out += `${rule.prelude.replace(/\s*([,>+~])\s*/g, '$1')}{${declarations.join(';')}}`;
  }
  return out;
}

// What still has to be looked up, directly or through another one.
function lookedUp(rules, known) {
  const used = new Set();
  const uses = new Map();
  eachRule(rules, (rule) => rule.declarations.forEach((declaration) => {
    const [, name] = property(declaration) ?? [];
    if (name && !known.vary.has(name)) return;
    const refers = written(declaration, known).match(/var\(--[\w-]+/g)?.map((text) => text.slice(4)) ?? [];
    if (name) uses.set(name, [...(uses.get(name) ?? []), ...refers]);
    else refers.forEach((one) => used.add(one));
  }));
  for (const name of used) (uses.get(name) ?? []).forEach((one) => used.add(one));
  return used;
}

const pages = Object.keys(templates).filter((name) => templates[name].startsWith('{{>head}}'));
const used = new Map(pages.map((name) => [name, classesOf(name)]));
const onSome = (name) => [...used.values()].some((onPage) => onPage(name));
const kern = filtered(taken(parse(withoutComments(readFileSync(kernPath, 'utf8')))), possible);
const rules = filtered([...kern, ...parse(withoutComments(readFileSync(ownPath, 'utf8')))], (selector) => classesUsed(selector, onSome));
const known = constants(rules);
writeFileSync(output, pages.map((name) => {
  const here = filtered(rules, (selector) => classesUsed(selector, used.get(name)));
  return `${name} /* KERN UX, Verbund: EUPL-1.2 */${write(here, known, lookedUp(here, known))}\n`;
}).join(''));
