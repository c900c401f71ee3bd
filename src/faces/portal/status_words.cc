// SPDX-License-Identifier: EUPL-1.2
#include "faces/portal/status_words.h"

#include <algorithm>
#include <cstdio>

#include "commons/incidents/uptime_store.h"
#include "kits/html/html.h"

namespace verbund::portal {

std::string moment(Instant at, const Wording& say) {
  const BerlinTime time = to_berlin(at);
  char clock[16];
  std::snprintf(clock, sizeof clock, "%02d:%02d", time.hour, time.minute);
  return say("proof.moment", {{"date", date(commons::berlin_day(at), say)}, {"time", clock}});
}

std::string percent(std::int64_t good, std::int64_t minutes, std::string_view language) {
  const std::int64_t hundredths = good >= minutes ? 10000 : good * 10000 / minutes;   // cut, not rounded up
  char text[32];
  std::snprintf(text, sizeof text, "%d%c%02d %%", static_cast<int>(hundredths / 100),
                language == "en" || language == "ar" ? '.' : ',', static_cast<int>(hundredths % 100));
  return hundredths == 10000 ? "100 %" : text;
}

Worded told(const commons::IncidentTexts& texts, std::string_view language) {
  const auto own = texts.find(language);
  if (own != texts.end()) return {own->second, own->first};
  const auto german = texts.find("de");
  return german == texts.end() ? Worded{} : Worded{german->second, "de"};
}

std::string uptime_bars(const StatusNow::Days& days, const std::string& label) {
  constexpr int width = 6, height = 32;
  std::string text = "<svg class=\"vb-uptime\" viewBox=\"0 0 " + std::to_string(width * days.days.size()) + " " +
                     std::to_string(height) + "\" role=\"img\" aria-label=\"" + html::escape(label) +
                     "\" preserveAspectRatio=\"none\">";
  int x = 0;
  for (const auto& day : days.days) {
    // A day without a minute missing is as high as the picture; below 90 % a bar is as low as it gets.
    const bool seen = day.minutes > 0;
    const double share = seen ? static_cast<double>(day.good) / static_cast<double>(day.minutes) : 0;
    const int bar = !seen ? 4 : share >= 1 ? height : std::max(8, static_cast<int>((share - 0.9) / 0.1 * (height - 8)));
    const char* look = !seen ? "none" : share >= 1 ? "good" : "bad";
    text += "<rect x=\"" + std::to_string(x) + "\" y=\"" + std::to_string(height - bar) + "\" width=\"" +
            std::to_string(width - 2) + "\" height=\"" + std::to_string(bar) + "\" class=\"vb-uptime__" + look + "\"/>";
    x += width;
  }
  return text + "</svg>";
}

}  // namespace verbund::portal
