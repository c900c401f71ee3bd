// SPDX-License-Identifier: EUPL-1.2
// The styles of each kind of page, as web/build-styles.mjs makes them. They stand in the page: a browser that has the page
// has all it needs to show it. The page's policy allows exactly these and no others, by their hash.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace verbund::portal {

struct Style {
  std::string css;      // for a style element
  std::string source;   // of `css` for style-src, "'sha256-...'". Source: CSP Level 3, 6.7.3.3
};

class Styles {
 public:
  Styles();
  // Of pages made from the template `page`. Requires: it begins with head.html.
  const Style& of(std::string_view page) const;

 private:
  std::map<std::string, Style, std::less<>> styles_;
};

// Fills the empty style element of a rendered page: copied once, not through the templates. Requires: head.html has one.
void put_in(const Style& style, std::string& html);

}  // namespace verbund::portal
