// SPDX-License-Identifier: EUPL-1.2
// What people typed into a box, as it is kept: plain text of bounded length.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace verbund::commons {

// Lines end with a line feed, control characters and white space at both ends are gone, never more than two line feeds
// one after the other. Not shortened: see code_points.
std::string said_text(std::string_view typed);

// Code points of UTF-8 text, which is what a person counts as characters, nearly. A browser counts line ends twice and
// some signs twice: a text that fills its box is never longer than the box by this count.
std::size_t code_points(std::string_view text);

}  // namespace verbund::commons
