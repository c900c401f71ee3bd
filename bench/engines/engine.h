// SPDX-License-Identifier: EUPL-1.2
// One search engine as the comparison sees it. Lives in a process of its own; one thread calls it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "corpus.h"

namespace verbund::bench {

inline constexpr std::size_t most_hits = 10;

struct EngineSettings {
  std::string work;            // an empty folder of its own, removed afterwards
  std::string node;            // data folder of an imported node: the store that ours is built from
  std::string postgres_bin;    // folder of initdb and postgres
  bool alternatives = false;   // measure the slower configurations too
};

class Engine {
 public:
  virtual ~Engine() = default;

  // Builds the index and opens it for questions: what build_s measures.
  virtual void build(const Corpus& corpus, const EngineSettings& settings) = 0;
  // Adds what the further configurations need that were measured and found slower; not part of build_s, resident_mb.
  virtual void build_alternatives(const Corpus& corpus) { (void)corpus; }

  // One sentence for the reader of the table.
  virtual std::string setup() const = 0;
  // Ways to search and to look up points; more of them after build_alternatives().
  virtual std::vector<std::string> configurations() const = 0;
  virtual std::vector<std::string> point_configurations() const = 0;

  // The best services offered at the place, at most most_hits. Gives how many; they are kept in the engine.
  virtual std::size_t search(std::size_t configuration, const Query& query) = 0;
  virtual std::vector<std::uint32_t> services() const = 0;      // of the last search, best first; not timed

  // Units responsible in the smallest area that has any in this role. Gives how many.
  virtual std::size_t look_up(std::size_t configuration, const Point& point) = 0;
  virtual std::vector<std::uint32_t> units() const = 0;         // of the last look-up; not timed

  // Processes whose memory it takes besides this one.
  virtual std::vector<int> helpers() const { return {}; }
  // Where its files are, so that what the system's page cache holds of them can be counted; "": in memory only.
  virtual std::string files() const { return {}; }
};

// Ends the program with a message: the comparison is worth nothing without one of its engines.
[[noreturn]] void give_up(const std::string& message);

std::unique_ptr<Engine> make_verbund();
std::unique_ptr<Engine> make_xapian();
std::unique_ptr<Engine> make_sqlite();
std::unique_ptr<Engine> make_postgresql();

}  // namespace verbund::bench
