// SPDX-License-Identifier: EUPL-1.2
// Which responsibilities a delivery brought inside their holder (zustaendigkeit in organisationseinheit or
// onlinedienst), so that those a holder no longer has can go. Temporary tables of the connection, no part of the
// schema. Internal to the XZuFi import.
#pragma once

#include <vector>

#include "directory/responsibility/responsibility.h"
#include "kits/store/store.h"

namespace verbund::directory::xzufi {

class EmbeddedStore {
 public:
  // Empties what an earlier delivery left. Requires: inside Database::write.
  explicit EmbeddedStore(store::Connection& connection);

  // `holder` was delivered with exactly `embedded` inside; deleted: with none.
  void delivered(ObjectKind holder_kind, const ObjectId& holder, const std::vector<Responsibility>& embedded);
  // This one stays although it was not delivered (it was, but broke a rule).
  void keep(const ObjectId& responsibility);
  // The stored responsibilities that came inside a holder delivered now, and did not come now.
  std::vector<ObjectId> left_out() const;

 private:
  bool holder_delivered(ObjectKind kind, const ObjectId& holder) const;
  bool brought(const ObjectId& responsibility) const;
  void bring(std::string_view holder_kind, const ObjectId& holder, const ObjectId& responsibility);

  store::Connection& connection_;
  bool any_ = false;
};

}  // namespace verbund::directory::xzufi
