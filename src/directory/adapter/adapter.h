// SPDX-License-Identifier: EUPL-1.2
// A node that publishes for an editorial system without one: looks at its XZuFi stock now and then, and takes what has
// changed as a complete stock, all of it or nothing.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "base/clock.h"
#include "directory/adapter/stock_copy.h"
#include "directory/formats/import.h"
#include "kits/store/store.h"

namespace verbund::directory {

class Adapter {
 public:
  // `address`: "http://..." or a folder, with an index.txt in it. `copies`: folder for what is fetched; derived. The
  // objects belong to the source "xzufi:" and the address from then on.
  Adapter(std::string address, const std::string& copies);

  // Nothing: the stock is as it was when this adapter last took it. An error changes nothing in the store, and the next
  // poll tries again. `stop` ends it when it gives true while the stock is not fetched yet. Errors: those of StockCopy and import_xzufi; invalid
  // (a folder without index.txt).
  Result<std::optional<ImportSummary>> poll(store::Database& database, const Clock& clock,
                                            const ProgressReport& progress = {},
                                            const std::function<bool()>& stop = {});
  const std::string& address() const { return address_; }

 private:
  Result<std::string> look(const std::function<bool()>& stop);   // digest of the stock
  std::string address_;
  std::string folder_;             // what is imported
  std::optional<StockCopy> copy_;  // of an HTTP address
  std::string taken_;              // digest of what was imported last
};

}  // namespace verbund::directory
