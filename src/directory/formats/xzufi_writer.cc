// SPDX-License-Identifier: EUPL-1.2
#include "directory/formats/xzufi_writer.h"

#include "directory/formats/xzufi_parts.h"

namespace verbund::directory::xzufi {

std::string_view Out::qualified(std::string_view prefix, std::string_view name) {
  name_.assign(prefix);
  name_ += ':';
  name_ += name;
  return name_;
}

void Out::open(std::string_view name, std::string_view type) {
  writer_.open(qualified("xzufi", name));
  if (!type.empty()) attribute("xsi:type", "xzufi:" + std::string(type));
}

void Out::attribute(std::string_view qualified_name, std::string_view value) {
  if (!value.empty()) writer_.attribute(qualified_name, value);
}

void Out::leaf(std::string_view name, std::string_view content) {
  if (!content.empty()) writer_.leaf(qualified("xzufi", name), content);
}

void Out::language(std::string_view code) { attribute("languageCode", normal_language(code)); }

void Out::language_text(std::string_view code) { writer_.text(normal_language(code)); }

void Out::number(std::string_view name, std::optional<std::int64_t> value) {
  if (value) leaf(name, std::to_string(*value));
}

void Out::flag(std::string_view name, std::optional<bool> value) {
  if (value) leaf(name, *value ? "true" : "false");
}

void Out::texts_as(std::string_view prefix, std::string_view name, const LocalisedTexts& texts) {
  for (const auto& text : texts) {
    if (text.text.empty()) continue;
    writer_.open(qualified(prefix, name));
    language(text.language);
    writer_.text(text.text);
    writer_.close();
  }
}

void Out::texts(std::string_view name, const LocalisedTexts& texts) { texts_as("xzufi", name, texts); }

void Out::extension(std::string_view name, std::string_view content) {
  writer_.leaf(qualified("vb", name), content);
}

void Out::extension_texts(std::string_view name, const LocalisedTexts& texts) { texts_as("vb", name, texts); }

void Out::code(std::string_view name, std::string_view code, std::string_view list_uri, std::string_view version) {
  if (code.empty()) return;
  open(name);
  attribute("listURI", list_uri);
  attribute("listVersionID", version);
  writer_.leaf("code", code);
  close();
}

void Out::codes(std::string_view name, const std::vector<std::string>& codes, std::string_view list_uri) {
  for (const auto& each : codes) code(name, each, list_uri);
}

void Out::code_body(const Code& code) {
  attribute("listURI", code.list_uri);
  attribute("listVersionID", code.list_version);
  writer_.leaf("code", code.code);
  if (!code.name.empty()) writer_.leaf("name", code.name);
}

void Out::code(std::string_view name, const Code& code) {
  open(name);
  code_body(code);
  close();
}

void Out::codes(std::string_view name, const std::vector<Code>& codes) {
  for (const auto& each : codes) code(name, each);
}

void Out::scheme_attributes(const Identifier& id) {
  attribute("schemeAgencyID", id.agency);
  attribute("schemeAgencyName", id.agency_name);
  attribute("schemeDataURI", id.data_uri);
  attribute("schemeID", id.scheme);
  attribute("schemeName", id.scheme_name);
  attribute("schemeURI", id.scheme_uri);
  attribute("schemeVersionID", id.scheme_version);
}

void Out::identifier(std::string_view name, const Identifier& id) {
  open(name);
  scheme_attributes(id);
  writer_.text(id.value);
  close();
}

void Out::identifiers(std::string_view name, const std::vector<Identifier>& ids) {
  for (const auto& id : ids) identifier(name, id);
}

void Out::object_id(std::string_view name, const ObjectId& id, std::string_view scheme) {
  open(name);
  attribute("schemeAgencyID", id.agency);
  attribute("schemeID", scheme);
  writer_.text(id.local);
  close();
}

void Out::areas(std::string_view name, const std::vector<AreaKey>& areas) {
  for (const auto& area : areas) {
    open(name);
    attribute("schemeID", "ARS");
    writer_.text(area.padded());
    close();
  }
}

void Out::periods(const std::vector<Period>& periods) {
  for (const auto& period : periods) {
    open("gueltigkeit");
    leaf("beginn", period.begin);
    leaf("ende", period.end);
    texts("zusatz", period.note);
    close();
  }
}

void Out::links(std::string_view name, const std::vector<Link>& links) {
  for (const auto& link : links) {
    open(name);
    language(link.language);
    leaf("uri", link.uri);
    leaf("titel", link.title);
    leaf("beschreibung", link.description);
    number("positionDarstellung", link.position);
    close();
  }
}

void Out::version_body(const VersionInfo& version) {
  leaf("erstelltDatumZeit", version.created_at);
  leaf("erstelltDurch", version.created_by);
  leaf("geaendertDatumZeit", version.changed_at);
  leaf("geaendertDurch", version.changed_by);
  leaf("version", version.version);
}

void Out::version(const VersionInfo& version) {
  if (version == VersionInfo{}) return;
  open("versionsinformationen");
  version_body(version);
  close();
}

void Out::languages(const std::vector<LanguageVersion>& versions) {
  for (const auto& version : versions) {
    open("sprachversion");
    leaf("languageCode", normal_language(version.language));
    leaf("sprachbezeichnungDeutsch", version.name_german);
    leaf("sprachbezeichnungNativ", version.name_native);
    const bool machine = !version.translated_from.empty() || !version.translated_from_id.empty() ||
                         !version.translated_by.empty();
    flag("kennzeichenMaschinelleUebersetzung", machine);
    if (machine) {
      open("maschinelleUebersetzung");
      leaf("originalSprache", version.translated_from);
      leaf("originalID", version.translated_from_id);
      leaf("uebersetztDurch", version.translated_by);
      close();
    }
    version_body(version.version);
    close();
  }
}

MessageWriter::MessageWriter(std::function<void(std::string_view)> sink, std::string_view uuid)
    : writer_(std::move(sink)), out_(writer_) {
  out_.open("transfer");
  out_.attribute("xmlns:xzufi", "http://xoev.de/schemata/xzufi/2_3_1");
  out_.attribute("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance");
  out_.attribute("xmlns:vb", extension_ns);
  out_.attribute("produktbezeichnung", "Verbund");
  out_.attribute("produkthersteller", "Verbund");
  out_.attribute("xzufiVersion", "2.3.1");
  out_.open("nachrichtenkopf");
  out_.leaf("nachrichtUUID", uuid);
  out_.leaf("erstelltDatumZeit", "1970-01-01T00:00:00Z");
  out_.close();
}

void MessageWriter::remove(ObjectKind kind, const ObjectId& id) {
  const auto name_of = [kind] {
    switch (kind) {
      case ObjectKind::service: return "Leistung";
      case ObjectKind::specialisation: return "LeistungSpezialisierung";
      case ObjectKind::unit: return "Organisationseinheit";
      case ObjectKind::online_service: return "Onlinedienst";
      case ObjectKind::responsibility: return "Zustaendigkeit";
    }
    return "";
  };
  out_.open("loesche");
  out_.attribute("klasse", name_of());
  out_.object_id("id", id, "");
  out_.close();
}

void MessageWriter::end() {
  out_.close();
  writer_.finish();
}

}  // namespace verbund::directory::xzufi
