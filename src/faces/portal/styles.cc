// SPDX-License-Identifier: EUPL-1.2
#include "faces/portal/styles.h"

#include <span>

#include "base/check.h"
#include "base/text.h"
#include "kits/crypto/base64.h"
#include "kits/crypto/digest.h"
#include "kits/embed/embed.h"

namespace verbund::embedded {
std::span<const embed::File> portal_styles();
}  // namespace verbund::embedded

namespace verbund::portal {

Styles::Styles() {
  const std::string_view all = embed::find(embedded::portal_styles(), "styles.txt");
  VERBUND_CHECK(all.data() != nullptr);
  for (const std::string_view line : split(all, '\n')) {
    const std::size_t space = line.find(' ');
    if (space == line.npos) continue;
    const std::string_view css = line.substr(space + 1);
    const crypto::Digest digest = crypto::sha256({css});
    styles_.emplace(line.substr(0, space),
                    Style{std::string(css), "'sha256-" + crypto::to_base64(crypto::bytes_of(digest)) + "'"});
  }
}

const Style& Styles::of(std::string_view page) const {
  const auto found = styles_.find(page);
  VERBUND_CHECK(found != styles_.end());
  return found->second;
}

void put_in(const Style& style, std::string& html) {
  constexpr std::string_view empty = "<style></style>";
  const std::size_t at = html.find(empty);   // no text before it can say so: "<" is written otherwise there
  VERBUND_CHECK(at != html.npos);
  html.insert(at + empty.find('/') - 1, style.css);
}

}  // namespace verbund::portal
