// SPDX-License-Identifier: EUPL-1.2
#include "faces/portal/orientation.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numbers>

#include "faces/portal/place_authorities.h"
#include "faces/portal/view.h"
#include "kits/html/html.h"

namespace verbund::portal {
namespace {

using directory::ObjectKind;
using directory::OrganisationalUnit;

constexpr double width = 640, height = 400;          // of the sketch, in its own units
constexpr double margin = 60, marker = 16;           // room at the edges; radius of a marker
constexpr double nearest_km = 0.1, farthest_km = 150;
constexpr std::size_t most_asked = 16, most_shown = 6;

double radians(double degrees) { return degrees * std::numbers::pi / 180; }

// Where a point of the plane is in the sketch: everything fits, with this authority at (0, 0) among it.
struct Frame {
  double scale = 1e9;              // units of the sketch for one kilometre
  double x0 = width / 2, y0 = height / 2;   // where this authority is
  double x(const Beside& at) const { return x0 + at.east_km * scale; }
  double y(const Beside& at) const { return y0 - at.north_km * scale; }
};
Frame frame_of(const std::vector<Landmark>& landmarks) {
  Beside least, most;
  for (const Landmark& one : landmarks) {
    least = {std::min(least.east_km, one.at.east_km), std::min(least.north_km, one.at.north_km)};
    most = {std::max(most.east_km, one.at.east_km), std::max(most.north_km, one.at.north_km)};
  }
  Frame out;
  const double east = most.east_km - least.east_km, north = most.north_km - least.north_km;
  if (east > 0) out.scale = std::min(out.scale, (width - 2 * margin) / east);
  if (north > 0) out.scale = std::min(out.scale, (height - 2 * margin) / north);
  out.x0 -= (most.east_km + least.east_km) / 2 * out.scale;
  out.y0 += (most.north_km + least.north_km) / 2 * out.scale;
  return out;
}

// Those whose markers would lie on the one in the middle or on one before them are left out.
std::vector<Landmark> apart(std::vector<Landmark> landmarks) {
  while (true) {
    const double room_km = 2.2 * marker / frame_of(landmarks).scale;
    std::vector<Landmark> out;
    for (const Landmark& one : landmarks) {
      const bool free = one.at.distance_km() >= room_km && std::all_of(out.begin(), out.end(), [&](const Landmark& other) {
        return std::hypot(one.at.east_km - other.at.east_km, one.at.north_km - other.at.north_km) >= room_km;
      });
      if (free) out.push_back(one);
    }
    if (out.size() == landmarks.size()) return out;
    landmarks = std::move(out);   // fewer: the scale may be larger now
  }
}

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", value);
  return text;
}

std::string kilometres(double km, const Visit& visit) {
  if (km < 1) return visit.say("map.metres", {{"count", std::to_string(std::lround(km * 20) * 50)}});
  if (km >= 10) return visit.say("map.kilometres", {{"count", grouped(std::lround(km), visit.language)}});
  std::string text = number(km);
  if (visit.language != "en" && visit.language != "ar") std::replace(text.begin(), text.end(), '.', ',');
  return visit.say("map.kilometres", {{"count", text}});
}

std::vector<Landmark> landmarks_of(const Visit& visit, const OrganisationalUnit& unit, const directory::Address& from,
                                   const directory::Area& place) {
  std::vector<Landmark> out;
  for (const auto& one : place_authorities(visit, place, visit.snapshot.services_at(place.key), most_asked)) {
    if (one.brief.id == unit.id) continue;
    const auto other = visit.objects.get<OrganisationalUnit>(one.brief.id);
    const directory::Address* address = other ? directory::visiting_address(*other) : nullptr;
    if (address == nullptr || !address->latitude || !address->longitude) continue;
    const Beside at = beside(*from.latitude, *from.longitude, *address->latitude, *address->longitude);
    if (at.distance_km() < nearest_km || at.distance_km() > farthest_km) continue;
    out.push_back({one.brief.name, one.url, at});
  }
  std::stable_sort(out.begin(), out.end(), [](const Landmark& a, const Landmark& b) { return a.at.distance_km() < b.at.distance_km(); });
  out = apart(std::move(out));
  if (out.size() > most_shown) out.resize(most_shown);
  return out;
}

}  // namespace

double Beside::distance_km() const { return std::hypot(east_km, north_km); }

int Beside::direction() const {
  const double turn = std::atan2(east_km, north_km) / (2 * std::numbers::pi);   // -0.5 to 0.5, clockwise from north
  return static_cast<int>(std::lround(turn * 8) + 8) % 8;
}

Beside beside(double latitude, double longitude, double other_latitude, double other_longitude) {
  constexpr double km_per_degree = 111.195;   // of a sphere with the mean radius of the earth, 6371.0 km
  const double middle = radians((latitude + other_latitude) / 2);
  return {(other_longitude - longitude) * km_per_degree * std::cos(middle), (other_latitude - latitude) * km_per_degree};
}

double scale_length_km(double most_km) {
  const double power = std::pow(10, std::floor(std::log10(most_km)));
  for (const double factor : {5.0, 2.0}) {
    if (factor * power <= most_km) return factor * power;
  }
  return power;
}

std::string sketch(const std::vector<Landmark>& landmarks, const std::string& label, const std::string& bar, double bar_km) {
  const Frame frame = frame_of(landmarks);
  std::string out = "<svg class=\"vb-map\" viewBox=\"0 0 640 400\" role=\"img\" aria-label=\"" + html::escape(label) + "\">";
  const auto text_at = [&](double x, double y, std::string_view look, const std::string& text) {
    out += "<text x=\"" + number(x) + "\" y=\"" + number(y) + "\" class=\"vb-map__" + std::string(look) + "\">" + html::escape(text) + "</text>";
  };
  const double x0 = frame.x0, y0 = frame.y0;
  for (const Landmark& one : landmarks) {
    out += "<path class=\"vb-map__way\" d=\"M" + number(x0) + " " + number(y0) + "L" + number(frame.x(one.at)) + " " +
           number(frame.y(one.at)) + "\"/>";
  }
  int count = 0;
  for (const Landmark& one : landmarks) {
    const double x = frame.x(one.at), y = frame.y(one.at);
    out += "<circle class=\"vb-map__mark\" cx=\"" + number(x) + "\" cy=\"" + number(y) + "\" r=\"" + number(marker) + "\"/>";
    text_at(x, y + 6, "number", std::to_string(++count));
  }
  out += "<circle class=\"vb-map__here\" cx=\"" + number(x0) + "\" cy=\"" + number(y0) + "\" r=\"" + number(marker) + "\"/>"
         "<circle class=\"vb-map__dot\" cx=\"" + number(x0) + "\" cy=\"" + number(y0) + "\" r=\"5\"/>";
  // North, and the bar of scale.
  out += "<path class=\"vb-map__north\" d=\"M608 52V20M600 30l8-10 8 10\"/>";
  text_at(608, 72, "label", "N");
  const double bar_width = bar_km * frame.scale;
  out += "<path class=\"vb-map__bar\" d=\"M24 372v8h" + number(bar_width) + "v-8\"/>";
  text_at(24 + bar_width / 2, 364, "label", bar);
  return out + "</svg>";
}

void add_map(page::Data& data, const Visit& visit, const OrganisationalUnit& unit, const directory::Area* place) {
  const directory::Address* address = directory::visiting_address(unit);
  std::vector<Landmark> landmarks;
  if (place != nullptr && address != nullptr && address->latitude && address->longitude) {
    landmarks = landmarks_of(visit, unit, *address, *place);
  }
  data.set("has_map", !landmarks.empty()).set("map_title", "").set("map", "").set("landmarks", std::vector<page::Data>());
  if (landmarks.empty()) return;
  const double bar_km = scale_length_km(160 / frame_of(landmarks).scale);
  std::vector<page::Data> list;
  for (const Landmark& one : landmarks) {
    list.push_back(page::Data()
                       .set("landmark_name", one.name)
                       .set("landmark_url", one.url)
                       .set("landmark_where", visit.say("map.where", {{"distance", kilometres(one.at.distance_km(), visit)},
                                                                      {"direction", visit.say("map.direction." + std::to_string(one.at.direction()))}})));
  }
  const std::string title = visit.say("map.title", {{"place", place->short_name}});
  data.set("map_title", title)
      .set("map", page::Markup{sketch(landmarks, visit.say("map.label", {{"title", title}}), kilometres(bar_km, visit), bar_km)})
      .set("landmarks", std::move(list));
}

}  // namespace verbund::portal
