// SPDX-License-Identifier: EUPL-1.2
// Source: SQLite FTS5 documentation, "Custom Tokenizers".
#include "sqlite_tokenizer.h"

#include <libstemmer.h>
#include <sqlite3.h>

#include <memory>

#include "kits/text/text.h"

namespace verbund::bench {
namespace {

struct Tokenizer {
  fts5_tokenizer inner{};
  Fts5Tokenizer* instance = nullptr;
  sb_stemmer* stemmer = nullptr;
  ~Tokenizer() {
    if (instance != nullptr) inner.xDelete(instance);
    sb_stemmer_delete(stemmer);
  }
};

using Found = int (*)(void*, int, const char*, int, int, int);

struct Pass {
  Tokenizer* tokenizer;
  void* context;
  Found found;
  bool stem;
};

// ae, oe, ue for umlauts, as Snowball's variant german2 does, which Debian's library lacks.
std::string without_digraphs(std::string_view word) {
  for (const char* digraph : {"ae", "oe", "ue"}) {
    if (word.find(digraph) != word.npos) return text::fold_umlauts(word);
  }
  return std::string(word);
}

int on_token(void* context, int flags, const char* token, int size, int begin, int end) {
  const Pass& pass = *static_cast<Pass*>(context);
  if (!pass.stem || size > 64) return pass.found(pass.context, flags, token, size, begin, end);
  const std::string word = without_digraphs({token, static_cast<std::size_t>(size)});
  const auto* stem = sb_stemmer_stem(pass.tokenizer->stemmer, reinterpret_cast<const sb_symbol*>(word.data()),
                                     static_cast<int>(word.size()));
  return pass.found(pass.context, flags, reinterpret_cast<const char*>(stem),
                    sb_stemmer_length(pass.tokenizer->stemmer), begin, end);
}

int create(void* api, const char**, int, Fts5Tokenizer** out) {
  auto made = std::make_unique<Tokenizer>();
  void* inner_data = nullptr;
  auto* fts = static_cast<fts5_api*>(api);
  if (const int code = fts->xFindTokenizer(fts, "unicode61", &inner_data, &made->inner); code != SQLITE_OK) return code;
  const char* arguments[] = {"remove_diacritics", "2"};
  if (const int code = made->inner.xCreate(inner_data, arguments, 2, &made->instance); code != SQLITE_OK) return code;
  made->stemmer = sb_stemmer_new("german", "UTF_8");
  if (made->stemmer == nullptr) return SQLITE_ERROR;
  *out = reinterpret_cast<Fts5Tokenizer*>(made.release());
  return SQLITE_OK;
}

void destroy(Fts5Tokenizer* tokenizer) { delete reinterpret_cast<Tokenizer*>(tokenizer); }

int tokenize(Fts5Tokenizer* tokenizer, void* context, int flags, const char* text, int size, Found found) {
  auto* self = reinterpret_cast<Tokenizer*>(tokenizer);
  Pass pass{self, context, found, (flags & FTS5_TOKENIZE_PREFIX) == 0};
  return self->inner.xTokenize(self->instance, &pass, flags, text, size, on_token);
}

}  // namespace

bool register_german_tokenizer(sqlite3* database) {
  fts5_api* api = nullptr;
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v2(database, "SELECT fts5(?1)", -1, &statement, nullptr) != SQLITE_OK) return false;
  sqlite3_bind_pointer(statement, 1, static_cast<void*>(&api), "fts5_api_ptr", nullptr);
  sqlite3_step(statement);
  sqlite3_finalize(statement);
  if (api == nullptr) return false;
  fts5_tokenizer german{create, destroy, tokenize};
  return api->xCreateTokenizer(api, "german", api, &german, nullptr) == SQLITE_OK;
}

std::string folded(std::string_view word) { return text::fold_umlauts(word); }

std::string german_stem(std::string_view word) {
  static const std::unique_ptr<sb_stemmer, void (*)(sb_stemmer*)> stemmer(sb_stemmer_new("german", "UTF_8"),
                                                                          sb_stemmer_delete);
  const std::string text = folded(word);
  const auto* stem = sb_stemmer_stem(stemmer.get(), reinterpret_cast<const sb_symbol*>(text.data()),
                                     static_cast<int>(text.size()));
  return {reinterpret_cast<const char*>(stem), static_cast<std::size_t>(sb_stemmer_length(stemmer.get()))};
}

}  // namespace verbund::bench
