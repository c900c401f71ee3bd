// SPDX-License-Identifier: EUPL-1.2
#include "directory/workload/words.h"

#include <array>

#include "base/check.h"
#include "base/text.h"

namespace verbund::directory::workload {
namespace {

// "-x": x behind the word.
std::string form(std::string_view word, std::string_view written) {
  return written.starts_with('-') ? std::string(word) + std::string(written.substr(1)) : std::string(written);
}

std::vector<std::string> list(std::string_view text) {
  std::vector<std::string> out;
  for (const std::string_view one : split(text, ','))
    if (!one.empty()) out.emplace_back(one);
  return out;
}

Noun read_noun(std::string_view row) {
  const auto fields = split(row, '|');
  VERBUND_CHECK(fields.size() == 6 || fields.size() == 7);
  Noun noun;
  noun.text = fields[0];
  noun.gender = fields[1].at(0);
  noun.genitive = form(noun.text, fields[2]);
  noun.plural = form(noun.text, fields[3]);
  noun.link = form(noun.text, fields[4]);
  noun.groups = fields[5];
  if (fields.size() == 7) noun.everyday = list(fields[6]);
  return noun;
}

Act read_act(std::string_view row) {
  const auto fields = split(row, '|');
  VERBUND_CHECK(fields.size() == 8);
  Act act;
  act.infinitive = fields[0];
  act.noun.text = fields[1];
  const bool feminine = fields[1].ends_with("ung") || fields[1].ends_with("gabe") || fields[1].ends_with("nahme") ||
                        fields[1].ends_with("frage") || fields[1].ends_with("sage") || fields[1].ends_with("zeige");
  act.noun.gender = feminine ? 'f' : 'm';
  act.noun.genitive = form(act.noun.text, fields[2]);
  act.noun.plural = act.noun.text + (fields[1].ends_with("ung") ? "en" : "");
  act.noun.link = form(act.noun.text, fields[3]);
  act.first_person = fields[4];
  act.prefix = fields[5];
  const auto where = split(fields[6], '*');
  act.heads = where[0];
  if (where.size() == 2) act.things = where[1];
  act.everyday = fields[7];
  return act;
}

std::size_t column(char gender) { return gender == 'm' ? 0 : gender == 'f' ? 1 : gender == 'n' ? 2 : 3; }

}  // namespace

std::string Noun::the(Case which) const {
  static constexpr std::string_view articles[4][4] = {
      {"der ", "die ", "das ", "die "}, {"des ", "der ", "des ", "der "}, {"dem ", "der ", "dem ", "den "},
      {"den ", "die ", "das ", "die "}};
  const std::string_view article = articles[static_cast<std::size_t>(which)][column(gender)];
  return std::string(article) + (which == Case::genitive && gender != 'p' ? genitive : text);
}

std::string Noun::a(Case which, bool mine) const {
  static constexpr std::string_view endings[4][4] = {
      {"", "e", "", "e"}, {"es", "er", "es", "er"}, {"em", "er", "em", "en"}, {"en", "e", "", "e"}};
  if (gender == 'p' && !mine) return text;
  return std::string(mine ? "mein" : "ein") + std::string(endings[static_cast<std::size_t>(which)][column(gender)]) +
         " " + (which == Case::genitive && gender != 'p' ? genitive : text);
}

Words read_words() {
  Words words;
  for (const std::string_view row : thing_table()) words.things.push_back(read_noun(row));
  for (const std::string_view row : middle_table()) words.middles.push_back(read_noun(row));
  for (const std::string_view row : head_table()) words.heads.push_back(read_noun(row));
  for (const std::string_view row : act_table()) words.acts.push_back(read_act(row));
  for (const std::string_view row : qualifier_table()) {
    const auto fields = split(row, '|');
    words.qualifiers.push_back({std::string(fields[0]), list(fields[1])});
  }
  return words;
}

Noun compound(const Noun& first, const Noun& last) {
  Noun out;
  out.text = first.link + lower_first(last.text);
  out.gender = last.gender;
  out.genitive = first.link + lower_first(last.genitive);
  out.plural = first.link + lower_first(last.plural);
  out.link = first.link + lower_first(last.link);
  out.groups = last.groups;
  return out;
}

std::string lower(std::string_view text) {
  std::string out = to_lower_ascii(text);
  for (std::size_t i = 0; i + 1 < out.size(); ++i) {
    if (out[i] != '\xC3') continue;
    const char second = out[i + 1];
    if (second == '\x84' || second == '\x96' || second == '\x9C') out[i + 1] = static_cast<char>(second + 0x20);
  }
  return out;
}

std::string lower_first(std::string_view noun) {
  const std::size_t first = !noun.empty() && noun[0] == '\xC3' ? 2 : 1;
  return lower(noun.substr(0, first)) + std::string(noun.substr(std::min(first, noun.size())));
}

std::string upper_first(std::string_view word) {
  std::string out(word);
  if (out.empty()) return out;
  if (out[0] >= 'a' && out[0] <= 'z') {
    out[0] = static_cast<char>(out[0] - 0x20);
  } else if (out.size() > 1 && out[0] == '\xC3' && (out[1] == '\xA4' || out[1] == '\xB6' || out[1] == '\xBC')) {
    out[1] = static_cast<char>(out[1] - 0x20);
  }
  return out;
}

}  // namespace verbund::directory::workload
