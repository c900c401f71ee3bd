// SPDX-License-Identifier: EUPL-1.2
#include "directory/finder/vocabulary.h"

#include <set>
#include <span>

#include "base/check.h"
#include "base/text.h"
#include "kits/embed/embed.h"

namespace verbund::embedded {
std::span<const embed::File> vocabulary();
}  // namespace verbund::embedded

namespace verbund::directory::finder {

Result<std::vector<EverydayWord>> read_vocabulary(std::string_view text) {
  std::vector<EverydayWord> out;
  std::set<std::string> seen;
  std::size_t number = 0;
  for (std::string_view line : split(text, '\n')) {
    ++number;
    line = trim(line);
    if (line.empty() || line.starts_with('#')) continue;
    const std::string where = "line " + std::to_string(number);
    const std::size_t tab = line.find('\t');
    if (tab == std::string_view::npos) return fail(ErrorCode::invalid, "no tab between the two columns", where);
    EverydayWord entry;
    entry.phrase = trim(line.substr(0, tab));
    for (const std::string_view official : split(line.substr(tab + 1), ',')) {
      if (trim(official).empty()) return fail(ErrorCode::invalid, "an official word is empty", where);
      entry.official.emplace_back(trim(official));
    }
    if (entry.phrase.empty()) return fail(ErrorCode::invalid, "the everyday word is empty", where);
    if (!seen.insert(to_lower_ascii(entry.phrase)).second) {
      return fail(ErrorCode::invalid, "\"" + entry.phrase + "\" is there twice", where);
    }
    out.push_back(std::move(entry));
  }
  return out;
}

const std::vector<EverydayWord>& everyday_vocabulary() {
  static const std::vector<EverydayWord> words = [] {
    auto read = read_vocabulary(embed::find(embedded::vocabulary(), "everyday.tsv"));
    VERBUND_CHECK(read.has_value());   // a test reads the same file
    return std::move(*read);
  }();
  return words;
}

}  // namespace verbund::directory::finder
