// SPDX-License-Identifier: EUPL-1.2
// Whole searches at a place, as bench/compare asks them, of ours alone and without its build: query_bench NODE FOLDER
// INDEX [KIND [ROUNDS [here]]]. FOLDER: of `verbund generate`; INDEX: a file of its own, made from the node if it is
// missing or of another version (the node is only read); here: services of the place only. Processor time of one
// thread, best round: what others do disturbs little.
#include <time.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "base/text.h"
#include "directory/finder/finder.h"
#include "directory/finder/snapshot_tables.h"
#include "directory/finder/snapshot_state.h"
#include "node_store.h"

namespace {

using namespace verbund;
using namespace verbund::directory;

double cpu_seconds() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

struct Asked {
  std::string text, relevant;   // ids between commas
  AreaKey area;
};

std::vector<Asked> read_queries(const std::string& path) {
  std::vector<Asked> out;
  std::ifstream in(path);
  std::string line;
  std::getline(in, line);
  while (std::getline(in, line)) {
    const auto cells = split(line, '\t');
    if (cells.size() < 3) continue;
    const AreaKey area = AreaKey::parse(cells[2]).value_or(AreaKey());
    out.push_back({std::string(cells[0]), "," + std::string(cells[1]) + ",", area});
  }
  return out;
}

BuiltSnapshot snapshot_of(const std::string& node, const std::string& index) {
  auto database = bench::open_node(node);
  if (!database) {
    std::fprintf(stderr, "%s\n", database.error().text().c_str());
    std::exit(1);
  }
  BuiltSnapshot out;
  (*database)->read([&](store::Connection& connection) {
    const Instant now = SystemClock().now();
    if (auto mapped = map_snapshot(connection, index, now)) {
      out = std::move(*mapped);
      return;
    }
    out = build_snapshot(connection, nullptr, now);
    (void)save_snapshot(out, index);
  });
  return out;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) {
    std::fprintf(stderr, "query_bench NODE FOLDER INDEX [KIND [ROUNDS [here]]]\n");
    return 2;
  }
  const BuiltSnapshot built = snapshot_of(argv[1], argv[3]);
  const Snapshot& snapshot = *built.snapshot;
  const bool elsewhere = argc <= 6;
  const int rounds = argc > 5 ? std::max(1, std::atoi(argv[5])) : 15;
  SearchAnswer answer;
  for (const char* kind : {"mix", "titles", "synonyms", "typos", "prefixes", "compounds", "everyday"}) {
    if (argc > 4 && std::string_view(argv[4]) != kind && std::string_view(argv[4]) != "all") continue;
    const auto queries = read_queries(std::string(argv[2]) + "/queries/" + kind + ".tsv");
    std::size_t one = 0, three = 0;
    std::uint64_t mark = 0;       // of all hits and scores: the same answers give the same number
    for (const Asked& asked : queries) {
      snapshot.search({asked.text, asked.area, 10, 0, elsewhere}, answer);
      mark = mark * 31 + answer.total;
      std::size_t place = 0, first = 0;
      for (const Hit& hit : answer.hits) {
        mark = mark * 1'000'003 + hit.service + static_cast<std::uint64_t>(hit.score * 16'384);
        ++place;
        const std::string id = external_id(ObjectKind::service, snapshot.service_of(hit).id);
        if (first == 0 && asked.relevant.find("," + id + ",") != std::string::npos) first = place;
      }
      one += first == 1 ? 1 : 0;
      three += first >= 1 && first <= 3 ? 1 : 0;
    }
    double best = 1e9;
    for (int round = 0; round < rounds; ++round) {
      const double begin = cpu_seconds();
      for (const Asked& asked : queries) snapshot.search({asked.text, asked.area, 10, 0, elsewhere}, answer);
      best = std::min(best, cpu_seconds() - begin);
    }
    const auto count = static_cast<double>(queries.size());
    std::printf("%-10s %6.2f us of CPU a query, %8.0f/s  success@1 %.4f @3 %.4f  answers %016llx\n", kind,
                1e6 * best / count, count / best, static_cast<double>(one) / count, static_cast<double>(three) / count,
                static_cast<unsigned long long>(mark));
    std::fflush(stdout);
  }
  return 0;
}
