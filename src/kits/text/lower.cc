// SPDX-License-Identifier: EUPL-1.2
#include <unicode/locid.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include "base/check.h"
#include "kits/text/text.h"

namespace verbund::text {

std::string lower(std::string_view utf8) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* form = icu::Normalizer2::getNFKCInstance(status);
  VERBUND_CHECK(U_SUCCESS(status) && form != nullptr);
  const icu::StringPiece bytes(utf8.data(), static_cast<std::int32_t>(utf8.size()));
  icu::UnicodeString text = form->normalize(icu::UnicodeString::fromUTF8(bytes), status);
  VERBUND_CHECK(U_SUCCESS(status));
  text.toLower(icu::Locale::getRoot());
  icu::UnicodeString out;
  bool blank = false;
  for (std::int32_t i = 0; i < text.length(); i = text.moveIndex32(i, 1)) {
    const UChar32 c = text.char32At(i);
    if (u_isUWhiteSpace(c) || u_charType(c) == U_CONTROL_CHAR) {
      blank = true;
      continue;
    }
    if (u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT)) continue;
    if (blank && !out.isEmpty()) out.append(u' ');
    blank = false;
    const std::int32_t digit = u_charDigitValue(c);
    out.append(digit >= 0 ? static_cast<UChar32>('0' + digit) : c);
  }
  std::string result;
  out.toUTF8String(result);
  return result;
}

}  // namespace verbund::text
