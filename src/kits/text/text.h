// SPDX-License-Identifier: EUPL-1.2
// German (and other Latin) text for finding and sorting. ICU normalises, Snowball stems, in text.cc only.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace verbund::text {

// Lower case, NFKC, ä/ö/ü -> a/o/u, ae/oe/ue stay as typed, ß -> ss, accents dropped, soft hyphens and zero-width
// characters dropped. "Führungszeugnis" -> "fuhrungszeugnis".
std::string fold(std::string_view utf8);

// As fold, and ae/oe/ue -> a/o/u where they stand for an umlaut ("fuehrerschein" -> "fuhrerschein"; not after a vowel
// or q: "neue", "quer", "steuer" stay).
std::string fold_umlauts(std::string_view utf8);

// Words of a text: runs of letters and digits, folded with fold_umlauts, in order; hyphens split ("Kfz-Steuer" gives
// "kfz", "steuer"); a word longer than 64 bytes is cut.
std::vector<std::string> words(std::string_view utf8);

// Snowball German stem of a folded word. Thread-safe.
std::string stem_german(std::string_view folded_word);

// Optimal string alignment distance (insert, delete, replace, swap neighbours), by code point; stops early and gives
// limit + 1 when it is larger than limit.
std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t limit);

// A piece of an address: "Führungszeugnis für Behörden" -> "fuehrungszeugnis-fuer-behoerden" (ä -> ae, ß -> ss,
// other accents dropped, everything else to single hyphens, at most 80 bytes cut at a hyphen). Never empty: "x".
std::string slug(std::string_view utf8);

// Key for alphabetical order as DIN 5007-1 (ICU collation de); compare keys bytewise.
std::string sort_key(std::string_view utf8);

}  // namespace verbund::text
