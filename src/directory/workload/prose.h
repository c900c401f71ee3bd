// SPDX-License-Identifier: EUPL-1.2
// Fills sentences in; counts how many different stems the texts have.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_set>

#include "directory/workload/concept.h"
#include "directory/workload/country.h"

namespace verbund::directory::workload {

// Distinct stems of folded words, by hash: 8 bytes each.
class StemCount {
 public:
  void add(std::string_view text);
  std::size_t stems() const { return stems_.size(); }

 private:
  std::unordered_set<std::uint64_t> words_, stems_;
};

// What a text is about.
struct Subject {
  const Object* object;
  const Act* act;
  const Qualifier* qualifier;     // may be null
  Level level;
  std::uint32_t publisher;        // area
};

class Prose {
 public:
  Prose(const Words& words, const Country& country, const Subject& subject, double scale, Random& random,
        StemCount& count)
      : words_(words), country_(country), subject_(subject), random_(random), count_(count),
        rare_(static_cast<std::size_t>(12'000'000 * scale) + 3000) {}

  std::string sentence(std::string_view pattern);
  // One of the list, filled in.
  std::string any(std::span<const std::string_view> list) { return sentence(list[random_.below(list.size())]); }
  // "<p>...</p>" of `sentences` different sentences of a list (as many as it has), in paragraphs.
  std::string paragraphs(std::span<const std::string_view> list, std::size_t sentences);
  // "<ul><li>...</li></ul>"
  std::string items(std::span<const std::string_view> list, std::size_t count, bool ordered = false);
  // Another noun of administration: common ones often, rare ones seldom.
  Noun noun();

 private:
  std::string filled(std::string_view token);
  std::vector<std::string> some(std::span<const std::string_view> list, std::size_t count);
  std::string law();
  std::string place();

  const Words& words_;
  const Country& country_;
  const Subject& subject_;
  Random& random_;
  StemCount& count_;
  std::size_t rare_;
  Noun last_;
};

}  // namespace verbund::directory::workload
