// SPDX-License-Identifier: EUPL-1.2
// Everything this node says, for other programs to fetch over many requests: in pages, later only what changed; or as
// files with an index. Never more than a page in memory. Source: PVOG Bereitstelldienst (pages) and Sammlerdienst
// (files).
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "directory/geography/area.h"
#include "directory/objects/object_store.h"
#include "kits/store/store.h"

namespace verbund::directory {

// A place in the stock: in the full stock, kind by kind and object by object, or in the change feed after it. As text a
// word of letters, digits, "-", "_", "." and "~" that only we read.
struct StockCursor {
  std::int64_t since = -1;         // the change feed up to here is in the stock; -1: not begun
  std::optional<ObjectKind> kind;  // nothing: the stock is through, changes after `since` follow
  ObjectId after;

  std::string to_text() const;
  // "" is the beginning. Errors: invalid.
  static Result<StockCursor> parse(std::string_view text);
  bool operator==(const StockCursor&) const = default;
};

enum class StockForm { xzufi, json };

// Which part of the stock somebody wants: what is said of one of these areas, of one in it or of one around it. What says
// no area (services, units: others name them) is always wanted, so that no part names what is not in it.
class StockAreas {
 public:
  static constexpr std::size_t most = 100;
  StockAreas() = default;   // everything
  // Regional keys of 2 to 12 digits, each perhaps with "*" at its end, separated by commas. Errors: invalid.
  static Result<StockAreas> parse(std::string_view text);
  bool all() const { return areas_.empty(); }
  bool want(std::string_view body) const;

 private:
  std::vector<AreaKey> areas_;
};

struct StockPage {
  std::string content;  // xzufi: one transfer message. json: {"objects": [{"body", "id", "kind"}], "withdrawn": [{"id",
                        // "kind"}]}
  StockCursor next;
  bool complete = false;  // nothing follows now; asking again with `next` later gives what changed since
  std::size_t objects = 0;
};

// Objects that others name come before those that name them. What changes while the stock is read comes again with the
// changes: who has read to `complete` and keeps on has what this node has. Each change gives the object as it is now.
// Limit: at most `most` objects (1 to 1000); a page is also full at 4 MiB of bodies, and of a part it may be emptier. What is
// changed so that it is no longer in the part is withdrawn. Errors: invalid (a cursor from another node: it is ahead of this
// one).
Result<StockPage> stock_page(store::Connection& connection, const StockCursor& cursor, std::size_t most,
                             StockForm form, const StockAreas& areas = {});

// The stock as files of XZuFi for collectors. A file is a range of ids, so that what changes while somebody collects
// cannot slip from one file to another; an index names the files of one division.
class StockFiles {
 public:
  // `most`: objects in a file of the index (responsibilities, being short: ten times as many).
  explicit StockFiles(std::size_t most = 250) : most_(most) {}

  // File names, one per line. Reads ids only, and only when something changed since.
  std::string index(store::Connection& connection);
  // The bytes of a file of one of the last divisions (8 are remembered). Errors: not_found (fetch the index again).
  Result<std::string> file(store::Connection& connection, std::string_view name);

 private:
  struct Range {
    std::string name;
    ObjectKind kind;
    ObjectId after, until;  // empty: open
  };
  struct Division {
    std::int64_t sequence;
    std::vector<Range> ranges;
  };
  std::shared_ptr<const Division> division(store::Connection& connection);

  const std::size_t most_;
  std::mutex mutex_;
  std::vector<std::shared_ptr<const Division>> divisions_;  // newest last
};

}  // namespace verbund::directory
