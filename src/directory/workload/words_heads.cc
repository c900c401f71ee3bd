// SPDX-License-Identifier: EUPL-1.2
#include "directory/workload/words.h"

namespace verbund::directory::workload {
namespace {

// noun | gender | genitive | plural | form before another noun | class | what people say instead
// Classes: t tax, p permit, c certificate, k card, m money, r register, x examination, l place, h advice.
constexpr std::string_view heads[] = {
    "Steuer|f|-|-n|-|t|Abgabe", "Gebühr|f|-|-en|-en|t|Kosten", "Beitrag|m|-s|Beiträge|-s|t|Umlage",
    "Maut|f|-|-en|-|t|Wegegeld", "Genehmigung|f|-|-en|-s|p|Freigabe", "Erlaubnis|f|-|-se|-|p|Gestattung",
    "Bewilligung|f|-|-en|-s|p|Zusage", "Zulassung|f|-|-en|-s|p|Freischaltung", "Konzession|f|-|-en|-s|p|Lizenz",
    "Befreiung|f|-|-en|-s|p|Ausnahme", "Freistellung|f|-|-en|-s|p|Dispens", "Bescheinigung|f|-|-en|-s|c|Wisch,Attest",
    "Zeugnis|n|-ses|-se|-|c|Nachweispapier", "Bestätigung|f|-|-en|-s|c|Beleg", "Urkunde|f|-|-n|-n|c|Dokument",
    "Nachweis|m|-es|-e|-|c|Beweis", "Auskunft|f|-|Auskünfte|-s|c|Information", "Beglaubigung|f|-|-en|-s|c|Stempel",
    "Ausweis|m|-es|-e|-|k|Kärtchen", "Karte|f|-|-n|-n|k|Chipkarte", "Pass|m|-es|Pässe|-|k|Büchlein",
    "Schein|m|-s|-e|-|k|Papiere", "Plakette|f|-|-n|-n|k|Aufkleber", "Kennzeichen|n|-s|-|-|k|Nummernschild,Schild",
    "Marke|f|-|-n|-n|k|Anhängerchen", "Vignette|f|-|-n|-n|k|Klebezettel",
    "Zuschuss|m|-es|Zuschüsse|-|m|Unterstützung,Zuzahlung", "Beihilfe|f|-|-n|-|m|Finanzhilfe",
    "Förderung|f|-|-en|-s|m|Fördermittel,Subvention", "Geld|n|-es|-er|-|m|Stütze", "Zulage|f|-|-n|-n|m|Extrageld",
    "Prämie|f|-|-n|-n|m|Bonus", "Darlehen|n|-s|-|-s|m|Kredit", "Entschädigung|f|-|-en|-s|m|Wiedergutmachung",
    "Rente|f|-|-n|-n|m|Altersgeld", "Pauschale|f|-|-n|-n|m|Festbetrag", "Register|n|-s|-|-|r|Datei",
    "Verzeichnis|n|-ses|-se|-|r|Liste", "Kataster|n|-s|-|-|r|Flurkarte", "Akte|f|-|-n|-n|r|Ordner",
    "Liste|f|-|-n|-n|r|Aufstellung", "Buch|n|-es|Bücher|-|r|Heft", "Prüfung|f|-|-en|-s|x|Examen,Test",
    "Abnahme|f|-|-n|-|x|Übergabe", "Kontrolle|f|-|-n|-|x|Inspektion", "Untersuchung|f|-|-en|-s|x|Check",
    "Gutachten|n|-s|-|-|x|Expertise", "Besichtigung|f|-|-en|-s|x|Ortstermin", "Messung|f|-|-en|-s|x|Messwert",
    "Platz|m|-es|Plätze|-|l|Stelle", "Standort|m|-es|-e|-|l|Fläche", "Raum|m|-es|Räume|-|l|Saal",
    "Anlage|f|-|-n|-n|l|Gelände", "Unterkunft|f|-|Unterkünfte|-s|l|Quartier", "Heim|n|-es|-e|-|l|Wohnheim",
    "Beratung|f|-|-en|-s|h|Sprechstunde,Rat", "Hilfe|f|-|-n|-|h|Beistand", "Betreuung|f|-|-en|-s|h|Aufsicht",
    "Vermittlung|f|-|-en|-s|h|Kontaktstelle", "Schulung|f|-|-en|-s|h|Kurs,Lehrgang",
    "Schlichtung|f|-|-en|-s|h|Mediation,Streit",
};

// noun | gender | genitive | plural | form before another noun | groups of things it goes with
constexpr std::string_view middles[] = {
    "Haltung|f|-|-en|-s|a", "Zucht|f|-|-en|-|a", "Handel|m|-s|-|-s|agvw", "Betrieb|m|-s|-e|-s|gbvwl",
    "Nutzung|f|-|-en|-s|bvnws", "Lagerung|f|-|-en|-|gwnl", "Beförderung|f|-|-en|-s|avsp", "Vermietung|f|-|-en|-s|vbe",
    "Versicherung|f|-|-en|-s|avpl", "Pflege|f|-|-n|-|anbl", "Schutz|m|-es|-|-|apnbf", "Ausbildung|f|-|-en|-s|ags",
    "Entsorgung|f|-|-en|-s|awbl", "Herstellung|f|-|-en|-s|gl", "Einfuhr|f|-|-en|-|agvl", "Ausfuhr|f|-|-en|-|agvl",
    "Fütterung|f|-|-en|-s|a", "Überführung|f|-|-en|-s|vfl", "Instandsetzung|f|-|-en|-s|bvw",
    "Sanierung|f|-|-en|-s|bnw", "Erweiterung|f|-|-en|-s|bgsw", "Nachweis|m|-es|-e|-|dfl", "Umbau|m|-s|-ten|-|bgs",
    "Anschluss|m|-es|Anschlüsse|-|wb", "Einrichtung|f|-|-en|-s|gsl", "Teilnahme|f|-|-n|-|es",
    "Aufsicht|f|-|-en|-s|gslew", "Vorbereitung|f|-|-en|-s|es", "Durchführung|f|-|-en|-s|e",
    "Sicherung|f|-|-en|-s|ebn", "Absperrung|f|-|-en|-s|eb", "Eingliederung|f|-|-en|-s|p",
    "Unterbringung|f|-|-en|-s|pa", "Erholung|f|-|-en|-s|pn", "Vertretung|f|-|-en|-s|pf", "Begleitung|f|-|-en|-s|pfs",
    "Teilhabe|f|-|-n|-|p", "Integration|f|-|-en|-s|p", "Wechsel|m|-s|-|-|fsdp", "Ersatz|m|-es|-|-|dwv",
    "Anerkennung|f|-|-en|-s|fsl", "Beurkundung|f|-|-en|-s|f", "Feststellung|f|-|-en|-s|fl", "Fällung|f|-|-en|-s|n",
    "Rückschnitt|m|-s|-e|-|n", "Entnahme|f|-|-n|-|nwl", "Einleitung|f|-|-en|-s|nw", "Bewirtschaftung|f|-|-en|-s|nb",
    "Aufforstung|f|-|-en|-s|n", "Vorsorge|f|-|-n|-|ln", "Meldung|f|-|-en|-s|ldf", "Behandlung|f|-|-en|-s|lw",
    "Abholung|f|-|-en|-s|w", "Verwertung|f|-|-en|-s|w", "Erneuerung|f|-|-en|-s|dwb", "Fahrt|f|-|-en|-|sve",
    "Leitung|f|-|-en|-s|slw", "Ordnung|f|-|-en|-s|se",
};

// infinitive | noun | genitive | noun before another noun | first person | separated prefix | classes of heads, groups
// of things it goes with alone ("*abc") | what people say they do
constexpr std::string_view acts[] = {
    "anmelden|Anmeldung|-|-s|melde|an|txl*avge|eintragen lassen", "abmelden|Abmeldung|-|-s|melde|ab|t*avgw|loswerden",
    "ummelden|Ummeldung|-|-s|melde|um|*vgb|umschreiben lassen", "bezahlen|Zahlung|-|-s|bezahle||t|überweisen",
    "ermäßigen|Ermäßigung|-|-s|ermäßige||t|weniger zahlen", "erstatten|Erstattung|-|-s|erstatte||t|zurückbekommen",
    "stunden|Stundung|-|-s|stunde||t|später zahlen", "beantragen|Erteilung|-|-s|beantrage||pckm|bekommen",
    "verlängern|Verlängerung|-|-s|verlängere||pk|länger behalten", "ändern|Änderung|-|-s|ändere||pcr|anpassen",
    "übertragen|Übertragung|-|-s|übertrage||pl|übernehmen", "zurückgeben|Rückgabe|-|-|gebe|zurück|pk|abgeben",
    "abholen|Abholung|-|-s|hole|ab|ck|mitnehmen", "berichtigen|Berichtigung|-|-s|berichtige||cr|Fehler korrigieren",
    "ersetzen|Ersatz|-es|-|ersetze||ck|verloren", "umtauschen|Umtausch|-es|-|tausche|um|k|abgelaufen",
    "sperren|Sperrung|-|-s|sperre||kr|gestohlen", "erneuern|Erneuerung|-|-s|erneuere||kc|kaputt",
    "weiterbewilligen|Weiterbewilligung|-|-s|beantrage|weiter|m|weiter bekommen",
    "zurückzahlen|Rückzahlung|-|-s|zahle|zurück|m|wiedergeben", "aufstocken|Aufstockung|-|-s|stocke|auf|m|mehr Geld",
    "berechnen|Berechnung|-|-s|berechne||mt|ausrechnen", "eintragen|Eintragung|-|-s|trage|ein|r|aufschreiben lassen",
    "löschen|Löschung|-|-s|lösche||r|streichen", "einsehen|Einsichtnahme|-|-|sehe|ein|r|nachschauen",
    "abrufen|Abruf|-s|-|rufe|ab|r|herunterladen", "wiederholen|Wiederholung|-|-s|wiederhole||x|durchgefallen",
    "verschieben|Verschiebung|-|-s|verschiebe||xh|später machen",
    "beauftragen|Beauftragung|-|-s|beauftrage||x|bestellen", "anfechten|Anfechtung|-|-s|fechte|an|xt|widersprechen",
    "reservieren|Reservierung|-|-s|reserviere||l|buchen", "wechseln|Wechsel|-s|-|wechsle||l|tauschen",
    "kündigen|Kündigung|-|-s|kündige||l|aussteigen", "vereinbaren|Vereinbarung|-|-s|vereinbare||h|ausmachen",
    "absagen|Absage|-|-n|sage|ab|h|nicht kommen", "anfragen|Anfrage|-|-n|frage|an|h|fragen",
    "anzeigen|Anzeige|-|-n|zeige|an|*avbgenw|Bescheid geben", "überprüfen|Überprüfung|-|-s|überprüfe||prx|nachprüfen",
    "widerrufen|Widerruf|-s|-s|widerrufe||pm|rückgängig machen",
};

// What narrows a title | its words that tell it apart
constexpr std::string_view qualifiers[] = {
    "für Vereine|Verein", "für Jugendliche|Jugendliche", "für Unternehmen|Unternehmen", "nach einem Brand|Brand",
    "bei Todesfall|Todesfall", "im Ausland|Ausland", "mit Auslandsbezug|Auslandsbezug",
    "für Alleinerziehende|Alleinerziehende", "bei Namensänderung|Namensänderung", "für Privatpersonen|Privatpersonen",
    "auf Probe|Probe", "für Saisonbetriebe|Saisonbetriebe", "bei Härtefall|Härtefall",
    "für Genossenschaften|Genossenschaften", "an Sonntagen und Feiertagen|Sonntagen,Feiertagen",
    "in Schutzgebieten|Schutzgebieten", "für Mehrfamilienhäuser|Mehrfamilienhäuser", "bei Insolvenz|Insolvenz",
    "für Zweitwohnungen|Zweitwohnungen", "für Stiftungen|Stiftungen", "nach Wegzug|Wegzug",
    "für Kirchengemeinden|Kirchengemeinden", "mit Vollmacht|Vollmacht",
    "zu wissenschaftlichen Zwecken|wissenschaftlichen", "für Existenzgründer|Existenzgründer",
    "bei Krankheit|Krankheit", "für Schwangere|Schwangere", "im Eilverfahren|Eilverfahren",
    "für Erbengemeinschaften|Erbengemeinschaften", "bei Betriebsübergabe|Betriebsübergabe",
    "für Ehrenamtliche|Ehrenamtliche", "in Fußgängerzonen|Fußgängerzonen", "für Großfamilien|Großfamilien",
    "bei Zuzug|Zuzug", "auf Friedhöfen|Friedhöfen", "für Auszubildende|Auszubildende",
};

}  // namespace

std::span<const std::string_view> head_table() { return heads; }
std::span<const std::string_view> middle_table() { return middles; }
std::span<const std::string_view> act_table() { return acts; }
std::span<const std::string_view> qualifier_table() { return qualifiers; }

}  // namespace verbund::directory::workload
