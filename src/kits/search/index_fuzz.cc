// SPDX-License-Identifier: EUPL-1.2
// Any bytes in the tables of an index file, and any bytes as a query: refused, or answered within bounds.
#include <cstdint>
#include <cstring>

#include "base/check.h"
#include "kits/search/index_builder.h"
#include "kits/search/searcher.h"
#include "kits/text/text.h"

namespace {

using namespace verbund;

std::shared_ptr<const search::Rules> rules() {
  auto out = std::make_shared<search::Rules>();
  out->fields = {{0.9F, 0.5F, 0.6F, true}, {0.2F, 2, 0.5F, false}};
  out->kinds = {{1.0F}};
  out->stemmer = text::stem_german_view;
  return out;
}

std::string index_bytes() {
  search::IndexBuilder builder(rules());
  const char* titles[] = {"Hund", "Hundesteuer", "Steuer", "Hundehütte", "Hütte", "Schäferhund"};
  for (std::uint32_t i = 0; i < 80; ++i) {
    search::Draft draft;
    const std::vector<std::string> words = text::words(titles[i % 6]);
    draft.add_phrase(0, 0, {{words[0], titles[i % 6]}});
    draft.add(0, "hund" + std::string(1, static_cast<char>('a' + i % 26)));
    builder.add(i, draft);
  }
  const search::TextIndex index = builder.finish(80);
  flat::Writer out("f");
  index.save(out);
  return out.bytes();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::string whole = index_bytes();
  static const auto all_rules = rules();
  static search::Scratch scratch;
  if (size < 4) return 0;
  // Some bytes of the sections are changed, then the checksum is made to fit.
  std::string bytes = whole;
  std::size_t at = 1;
  for (std::size_t change = 0; change < data[0] % 8U && at + 4 <= size; ++change, at += 4) {
    std::uint32_t where = 0;
    std::memcpy(&where, data + at, 3);
    bytes[64 + where % (bytes.size() - 64)] = static_cast<char>(data[at + 3]);
  }
  std::uint32_t sections = 0;
  std::uint64_t key = 0, names = 0;
  std::memcpy(&sections, bytes.data() + 12, 4);
  std::memcpy(&key, bytes.data() + 32, 8);
  std::memcpy(&names, bytes.data() + 40, 8);
  const std::uint64_t head = 48 + std::uint64_t{sections} * 24 + key + names;
  if (head > bytes.size()) return 0;
  std::uint64_t sum = flat::checksum(std::string_view(bytes).substr(32, head - 32));
  for (std::uint32_t i = 0; i < sections; ++i) {
    std::uint64_t offset = 0, length = 0;
    std::memcpy(&offset, bytes.data() + 48 + i * 24, 8);
    std::memcpy(&length, bytes.data() + 56 + i * 24, 8);
    if (offset > bytes.size() || length > bytes.size() - offset) return 0;
    sum = flat::checksum(std::string_view(bytes).substr(offset, length), sum);
  }
  std::memcpy(bytes.data() + 24, &sum, 8);
  const auto file = flat::File::of_bytes(bytes, "f");
  if (!file) return 0;
  const auto index = search::TextIndex::load(*file, all_rules);
  if (!index) return 0;
  text::WordList list;
  list.read(std::string_view(reinterpret_cast<const char*>(data + at), size - at));
  std::vector<search::QueryWord> words;
  for (std::size_t i = 0; i < list.size(); ++i) words.push_back({list[i], 256, i + 1 == list.size(), {}});
  for (const std::string_view word : {"hund", "hundestuer", "hundehutte", "hu"}) words.push_back({word, 256, true, {}});
  search::Query query;
  query.words = words;
  query.relax = true;
  search::Answer answer;
  search::search(*index, nullptr, query, scratch, answer);
  for (const search::Match& match : answer.matches) VERBUND_CHECK(match.document < index->documents());
  return 0;
}
