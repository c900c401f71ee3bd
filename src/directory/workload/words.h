// SPDX-License-Identifier: EUPL-1.2
// German nouns and verbs of administration, and how they are put together. Own work.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace verbund::directory::workload {

struct Noun {
  std::string text;                     // "Hund"
  char gender = 'm';                    // m f n, p plural only
  std::string genitive;                 // "Hundes"
  std::string plural;                   // "Hunde"
  std::string link;                     // before another noun: "Hunde"
  std::string groups;                   // letters, see words_things.cc and words_heads.cc
  std::vector<std::string> everyday;    // what people say instead

  enum class Case { nominative, genitive, dative, accusative };
  // With the definite article: "der Hund", "des Hundes".
  std::string the(Case which) const;
  // With the indefinite one, "mein" if `mine`: "einen Hund", "meinen Hund".
  std::string a(Case which, bool mine = false) const;
};

struct Act {
  std::string infinitive;               // "anmelden"
  Noun noun;                            // "Anmeldung"
  std::string first_person, prefix;     // "melde", "an"; prefix empty: not separated
  std::string heads;                    // classes of heads it is done with
  std::string things;                   // groups of things it is done with when they stand alone
  std::string everyday;                 // "loswerden"
};

struct Qualifier {
  std::string text;                     // "für Vereine"
  std::vector<std::string> words;       // that tell it apart: "Verein"
};

struct Words {
  std::vector<Noun> things, middles, heads;
  std::vector<Act> acts;
  std::vector<Qualifier> qualifiers;
};
Words read_words();

// "Hunde" + "Steuer" = "Hundesteuer", with the grammar of the last.
Noun compound(const Noun& first, const Noun& last);

std::string lower_first(std::string_view noun);    // "Übung" -> "übung"
std::string upper_first(std::string_view word);
std::string lower(std::string_view text);          // ASCII and Ä Ö Ü

// The tables as they are written.
std::span<const std::string_view> thing_table();
std::span<const std::string_view> head_table();
std::span<const std::string_view> middle_table();
std::span<const std::string_view> act_table();
std::span<const std::string_view> qualifier_table();

}  // namespace verbund::directory::workload
