// SPDX-License-Identifier: EUPL-1.2
// Foreign HTML made harmless. libxml2's HTML parser reads it, in html.cc only.
#pragma once

#include <string>
#include <string_view>

namespace verbund::html {

// Keeps only what the network allows in texts: p br h1-h6 b strong i em sup sub ul ol li, and a with href (http, https,
// mailto, tel, or an address without scheme). Everything else is unwrapped (its text stays), except that script, style,
// template, iframe, object, noscript and comments vanish with their content. Result is well-formed, entities
// normalised, attributes none but href, white space runs folded to one space; empty elements and zero-width characters
// are dropped; plain text without any tag stays plain text, escaped. sanitise(sanitise(x)) == sanitise(x).
// Limit: input over 1 MiB is cut at a UTF-8 boundary and so is a longer result; nesting over 64 is flattened, what is
// more than 512 deep in the source is cut; an address over 2048 bytes is dropped.
// Source: PVOG Sammlerdienst concept, allowed tags.
std::string sanitise(std::string_view fragment);

// The words of an HTML fragment with one space between blocks; entities decoded. For indexing, summaries, meta tags.
std::string to_plain_text(std::string_view fragment);

// & < > " ' as entities.
std::string escape(std::string_view text);

}  // namespace verbund::html
