// SPDX-License-Identifier: EUPL-1.2
// simulation [--seeds N] [--from S] [--nodes N] [--steps N]: exit status 1 and the seed where something did not hold.
#include <cstdio>
#include <filesystem>
#include <string>

#include "base/text.h"
#include "simulation/run_seed.h"

int main(int count, char** words) {
  using namespace verbund;
  std::int64_t seeds = 100, from = 1;
  simulation::Size size;
  for (int i = 1; i < count; i += 2) {
    const std::string_view name = words[i];
    const auto value = i + 1 < count ? parse_number(words[i + 1]) : std::nullopt;
    const bool known = name == "--seeds" || name == "--from" || name == "--nodes" || name == "--steps";
    if (!known || !value) {
      std::fprintf(stderr, "simulation [--seeds N] [--from SEED] [--nodes 2-50] [--steps N]\n");
      return 2;
    }
    if (name == "--seeds") seeds = *value;
    if (name == "--from") from = *value;
    if (name == "--nodes") size.nodes = static_cast<int>(*value);
    if (name == "--steps") size.steps = static_cast<int>(*value);
  }
  int failed = 0;
  std::int64_t crashes = 0, lost = 0, refused = 0, entries = 0, forks = 0, lists = 0, list_forks = 0;
  for (std::int64_t seed = from; seed < from + seeds; ++seed) {
    const auto report = simulation::run_seed(static_cast<std::uint64_t>(seed), size);
    crashes += report.crashes;
    lost += report.lost;
    refused += report.refused_by_witnesses;
    entries += report.entries;
    forks += report.forks;
    lists += report.lists;
    list_forks += report.list_forks;
    if (report.failures.empty()) continue;
    ++failed;
    std::printf("seed %lld:\n", static_cast<long long>(seed));
    for (const std::string& what : report.failures) std::printf("  %s\n", what.c_str());
    std::fflush(stdout);
  }
  std::printf("%lld seeds, %d failed; %lld entries said, %lld crashes, %lld answers lost, %lld histories refused by "
              "witnesses, %lld forks found out; %lld changes of lists, %lld forks of a list found out\n",
              static_cast<long long>(seeds), failed, static_cast<long long>(entries), static_cast<long long>(crashes),
              static_cast<long long>(lost), static_cast<long long>(refused),
              static_cast<long long>(forks), static_cast<long long>(lists), static_cast<long long>(list_forks));
  return failed == 0 ? 0 : 1;
}
