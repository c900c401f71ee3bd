// SPDX-License-Identifier: EUPL-1.2
// How fast and how well the finder finds: finder_bench REFERENCE_FOLDER [SERVICES RESPONSIBILITIES]
// Prints build time, memory, queries a second in one thread, and the rank of the right service for each judged query.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/text.h"
#include "directory/finder/finder.h"
#include "directory/geography/area_store.h"
#include "directory/objects/object_store.h"
#include "finder_bench.h"

namespace {

using namespace verbund;
using namespace verbund::directory;
using Watch = std::chrono::steady_clock;

double ms_since(Watch::time_point start) {
  return std::chrono::duration<double, std::milli>(Watch::now() - start).count();
}

std::size_t resident_kib() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmRSS:")) return static_cast<std::size_t>(std::strtoul(line.c_str() + 6, nullptr, 10));
  }
  return 0;
}

template <typename Each>
void measure(const char* what, std::size_t count, const Each& each) {
  each(0);
  const auto start = Watch::now();
  for (std::size_t i = 0; i < count; ++i) each(i);
  std::printf("%-28s %10.0f / s\n", what, 1000.0 * static_cast<double>(count) / ms_since(start));
}

std::vector<std::pair<std::string, std::string>> judged_queries(const std::string& file) {
  std::vector<std::pair<std::string, std::string>> out;
  std::ifstream in(file);
  std::string line;
  std::getline(in, line);
  while (std::getline(in, line)) {
    const std::size_t tab = line.find('\t');
    if (tab != line.npos) out.emplace_back(line.substr(0, tab), line.substr(tab + 1));
  }
  return out;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "finder_bench REFERENCE_FOLDER [SERVICES RESPONSIBILITIES]\n");
    return 2;
  }
  const std::string reference = argv[1];
  char folder_name[] = "/tmp/finder-bench-XXXXXX";
  if (::mkdtemp(folder_name) == nullptr) return 1;
  const std::string folder = folder_name;
  {
  auto database = store::Database::open({.path = folder + "/node.db"}, directory_migrations());
  if (!database) {
    std::fprintf(stderr, "%s\n", database.error().text().c_str());
    return 1;
  }
  bench::import_reference(**database, reference);
  if (argc > 3) bench::generate(**database, std::strtoul(argv[2], nullptr, 10), std::strtoul(argv[3], nullptr, 10));

  const std::size_t before = resident_kib();
  const auto start = Watch::now();
  Finder finder(**database);
  const auto snapshot = finder.snapshot();
  std::printf("built in %.0f ms, %zu KiB by own count, resident %zu KiB more\n", ms_since(start),
              snapshot->bytes() / 1024, resident_kib() - before);
  const auto sizes = snapshot->sizes();
  std::printf("%zu services, %zu units, %zu online services, %zu responsibilities, %zu areas, %zu words\n",
              sizes.services, sizes.units, sizes.online_services, sizes.responsibilities, sizes.areas, sizes.terms);

  const AreaKey munich = *AreaKey::parse("09162");
  const auto queries = judged_queries(reference + "/portal/made/search/queries-muenchen.tsv");
  std::size_t judged = 0, first = 0, in_three = 0;
  for (const auto& [query, wanted] : queries) {
    bool there = false;
    for (const std::string_view id : split(wanted, ',')) {
      there = there || snapshot->service(*make_object_id("muenchen", id)).has_value();
    }
    const SearchAnswer answer = snapshot->search({query, munich, 10, 0});
    std::size_t rank = 0;
    for (std::size_t i = 0; i < answer.hits.size() && rank == 0; ++i) {
      for (const std::string_view id : split(wanted, ',')) {
        if (snapshot->service_of(answer.hits[i]).id.local == id) rank = i + 1;
      }
    }
    judged += there ? 1 : 0;
    first += there && rank == 1 ? 1 : 0;
    in_three += there && rank >= 1 && rank <= 3 ? 1 : 0;
    std::printf("%s rank %zu of %zu  %s", there ? " " : "-", rank, answer.total, query.c_str());
    if (!answer.corrected.empty()) std::printf(" [%s]", answer.corrected.c_str());
    for (std::size_t i = 0; i < answer.hits.size() && i < 3; ++i) {
      std::printf(" | %.2f %s", answer.hits[i].score, std::string(snapshot->service_of(answer.hits[i]).title).c_str());
    }
    std::printf("\n");
  }
  std::printf("judged %zu: first %zu, in the first three %zu\n", judged, first, in_three);

  measure("search at a place", 5000, [&](std::size_t i) {
    snapshot->search({queries[i % queries.size()].first, munich, 10, 0});
  });
  measure("search without a place", 5000, [&](std::size_t i) {
    snapshot->search({queries[i % queries.size()].first, AreaKey(), 10, 0});
  });
  measure("suggest", 5000, [&](std::size_t i) {
    const std::string& query = queries[i % queries.size()].first;
    snapshot->suggest(cut_utf8(query, 3 + i % 5), munich, 8);
  });
  measure("find a place", 5000, [&](std::size_t i) {
    static constexpr const char* typed[] = {"Neu", "Norder", "22846", "Frankfurt", "Köln", "Bad Se", "Münchn"};
    snapshot->find_places(typed[i % std::size(typed)], 10);
  });
  const ObjectId service = *make_object_id("muenchen", "1064305");
  measure("who is responsible", 50'000, [&](std::size_t) { snapshot->at_place(service, munich); });
  }
  std::filesystem::remove_all(folder);
  return 0;
}
