// SPDX-License-Identifier: EUPL-1.2
// The text side of the finder alone: search_bench FOLDER, a folder of `verbund generate` (catalogue/, queries/).
// Builds the index from catalogue/service.ndjson without a store, then asks every query file in one and in two threads,
// with a filter of documents (every third one) as a place would give. Times are processor time of the thread, so that
// other work on the machine disturbs them little.
#include <ctime>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <thread>

#include "base/text.h"
#include "directory/finder/query.h"
#include "directory/finder/service_index.h"
#include "directory/finder/service_text.h"
#include "directory/objects/body.h"
#include "kits/json/json.h"

namespace {

using namespace verbund;
using namespace verbund::directory;
using namespace verbund::directory::finder;

double cpu_seconds(clockid_t clock = CLOCK_THREAD_CPUTIME_ID) {
  timespec now{};
  clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

struct Asked {
  std::string text;
  std::vector<std::uint32_t> relevant;
};

struct Corpus {
  std::map<std::string, std::uint32_t, std::less<>> numbers;
  ServiceIndex index;
  std::vector<std::uint64_t> third;
};

Corpus read_corpus(const std::string& folder) {
  Corpus out;
  std::ifstream in(folder + "/catalogue/service.ndjson");
  std::string line;
  std::uint32_t number = 0;
  ServiceIndexBuilder builder;
  search::Draft draft;
  ServiceText text(draft);
  text::WordList words;
  double reading = 0, drafting = 0, adding = 0;
  while (std::getline(in, line)) {
    double start = cpu_seconds();
    const auto json = parse_json(line, "service.ndjson");
    if (!json) continue;
    const auto service = from_json<Service>(*json);
    if (!service) continue;
    reading += cpu_seconds() - start;
    start = cpu_seconds();
    out.numbers[external_id(ObjectKind::service, service->id)] = number;
    draft.clear();
    text.add_service(*service);
    drafting += cpu_seconds() - start;
    start = cpu_seconds();
    builder.add(number++, draft);
    adding += cpu_seconds() - start;
  }
  const double start = cpu_seconds();
  out.index = builder.finish(number);
  const search::TextIndex& index = out.index.text();
  std::printf("%u services: read %.2f s, words %.2f s, add %.2f s, finish %.2f s\n", number, reading, drafting, adding,
              cpu_seconds() - start);
  std::printf("%u forms, %u stems, %zu postings, %u prefix lists, %zu MiB\n", index.words().size(), index.stems(),
              index.posting_count(), index.lists() - index.stems(), index.bytes() >> 20);
  out.third.resize(number / 64 + 1);
  for (std::uint32_t i = 0; i < number; ++i) {
    if (i % 3 != 1) out.third[i / 64] |= std::uint64_t{1} << (i % 64);
  }
  return out;
}

std::vector<Asked> read_queries(const std::string& file, const Corpus& corpus) {
  std::vector<Asked> out;
  std::ifstream in(file);
  std::string line;
  std::getline(in, line);
  while (std::getline(in, line)) {
    const auto cells = split(line, '\t');
    Asked asked;
    asked.text = cells[0];
    for (const std::string_view id : split(cells[1], ',')) {
      const auto at = corpus.numbers.find(id);
      if (at != corpus.numbers.end()) asked.relevant.push_back(at->second);
    }
    out.push_back(std::move(asked));
  }
  return out;
}

struct Thread {
  Query query;
  search::Scratch scratch;
  search::Answer answer;
  std::vector<double> times;
  std::size_t first = 0, three = 0;

  void ask(const Corpus& corpus, const Asked& asked, bool filter) {
    query.read(asked.text, {});
    query.join_verbs(corpus.index.text().words());
    search::Query request;
    request.words = query.words();
    const search::Layer layers[] = {{corpus.third, 0}};
    if (filter) request.filter.layers = layers;
    search::search(corpus.index.text(), nullptr, request, scratch, answer);
  }
  void judge(const Asked& asked) {
    for (std::size_t i = 0; i < std::min<std::size_t>(3, answer.matches.size()); ++i) {
      if (std::find(asked.relevant.begin(), asked.relevant.end(), answer.matches[i].document) == asked.relevant.end()) {
        continue;
      }
      first += i == 0 ? 1 : 0;
      ++three;
      return;
    }
  }
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "search_bench FOLDER [KIND [show]]\n");
    return 2;
  }
  const std::string folder = argv[1];
  const Corpus corpus = read_corpus(folder);
  for (const char* kind : {"mix", "titles", "synonyms", "typos", "prefixes", "compounds", "everyday"}) {
    if (argc > 2 && std::string_view(argv[2]) != kind) continue;
    const auto queries = read_queries(folder + "/queries/" + kind + ".tsv", corpus);
    Thread one;
    for (const Asked& asked : queries) one.ask(corpus, asked, true);
    for (const Asked& asked : queries) {
      const double start = cpu_seconds();
      one.ask(corpus, asked, true);
      one.times.push_back(cpu_seconds() - start);
    }
    // Asking for the time costs a good part of a query, and others use the caches: the best round of many counts.
    double sum = 1e9;
    const double begin = cpu_seconds();
    for (std::size_t round = 0; round < 5 || cpu_seconds() - begin < 1; ++round) {
      const double start = cpu_seconds();
      for (const Asked& asked : queries) one.ask(corpus, asked, true);
      sum = std::min(sum, cpu_seconds() - start);
    }
    std::sort(one.times.begin(), one.times.end());
    for (const Asked& asked : queries) {
      one.ask(corpus, asked, false);
      const std::size_t before = one.three;
      one.judge(asked);
      if (argc > 3 && one.three == before) {
        std::printf("  %s |", asked.text.c_str());
        for (std::size_t i = 0; i < std::min<std::size_t>(4, one.answer.matches.size()); ++i) {
          std::printf(" %u %s;", one.answer.matches[i].score, std::string(corpus.index.folded_title(one.answer.matches[i].document)).c_str());
        }
        std::printf(" wanted");
        for (const std::uint32_t id : asked.relevant) std::printf(" %s;", std::string(corpus.index.folded_title(id)).c_str());
        std::printf("\n");
      }
    }
    double two = 0;
    {
      Thread threads[2];
      std::vector<std::thread> running;
      double used[2] = {};
      for (int t = 0; t < 2; ++t) {
        running.emplace_back([&, t] {
          for (const Asked& asked : queries) threads[t].ask(corpus, asked, true);
          const double start = cpu_seconds();
          for (const Asked& asked : queries) threads[t].ask(corpus, asked, true);
          used[t] = cpu_seconds() - start;
        });
      }
      for (std::thread& thread : running) thread.join();
      for (const double seconds : used) two += static_cast<double>(queries.size()) / seconds;
    }
    const auto count = static_cast<double>(queries.size());
    std::printf("%-10s %8.0f /s  p50 %5.1f us  p99 %5.1f us  two threads %8.0f /s  success@1 %.3f  @3 %.3f\n", kind,
                count / sum, 1e6 * one.times[queries.size() / 2], 1e6 * one.times[queries.size() * 99 / 100], two,
                static_cast<double>(one.first) / count, static_cast<double>(one.three) / count);
  }
  return 0;
}
