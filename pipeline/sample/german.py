"""German."""

from pipeline.sample.phrasebook import Phrasebook, lines, topic, words

TOPICS = (
    topic(
        "coding",
        """
        ? Schreib mir ein {kind}-Beispiel namens `{verb}_{noun}` ({thing}), und zwar {angle}.
        ? Was stimmt an diesem Code nicht? Der Zweck ist: {thing}, {angle}.{listing}
        = doppelte Zeilen entfernen | Wörter zählen | zwei Listen vereinen | große Dateien lesen
        = Werte nach Monaten gruppieren | eine Anfrage wiederholen | den größten Wert finden
        + ohne Bibliotheken | mit einem Test | für Anfänger | mit klaren Fehlermeldungen
        Das Beispiel geht einmal über `{noun}`, die Laufzeit wächst also mit der Eingabe.
        Beachte, dass `{verb}_{noun}` einen neuen Wert liefert und das Original nicht ändert.
        Ich habe es mit {n} erfundenen Zeilen ausprobiert, und das Ergebnis stimmte.
        Ein häufiger Fehler ist, die Liste in der Schleife zu ändern; die Kopie verhindert das.
        """,
    ),
    topic(
        "cooking",
        """
        ? Gib mir ein Rezept für {thing} {angle}.
        ? Was passt zu diesem Gericht: {thing} {angle}?
        = Linsensuppe | Kartoffelgratin | Zwiebelkuchen | Gemüsecurry | Kürbisbrot | Pilzrisotto
        = Milchreis | Lauchtorte | Apfelstreusel
        + für sechs Personen | ohne Milch | in einer halben Stunde | mit wenig Geld | ohne Ofen
        Die Zwiebel fein würfeln und langsam andünsten, bis sie weich und goldgelb ist.
        Etwa {n} Gramm Mehl nach und nach zugeben, damit der Teig nicht trocken wird.
        Ein Spritzer Zitrone am Ende bringt mehr als noch eine Prise Salz.
        Vor dem Servieren {n} Minuten unter einem Tuch ruhen lassen.
        """,
    ),
    topic(
        "travel",
        """
        ? Was soll ich mir in {thing} {angle} ansehen?
        ? Plane bitte eine Reise nach {thing} {angle}.
        = Lissabon | Gent | Bergen | Kyoto | Tallinn | Porto | Görlitz | Cusco | Riga | Graz
        + in drei Tagen | mit zwei Kindern | mit kleinem Budget | mit der Bahn | im November
        Beginne früh in der Altstadt von {thing}, bevor die Gruppen vom Bahnhof kommen.
        Die Tageskarte kostet weniger als {n} Tassen Kaffee und spart viele Wege.
        Verglichen mit {other} liegt in {thing} alles nah beieinander.
        Nimm eine leichte Regenjacke mit, denn das Wetter wechselt zweimal am Nachmittag.
        """,
    ),
    topic(
        "letters",
        """
        ? Schreibe einen Brief zum Thema {thing}, und zwar {angle}.
        ? Verbessere bitte meine Mail (Betreff: {thing}); sie soll {angle} klingen.
        = verlorenes Paket | defekte Heizung | offene Rechnung | Kündigung | Einladung zum Fest
        = verschobene Besprechung | Erstattung zweier Karten
        + förmlich und kurz | freundlich, aber bestimmt | herzlich | einfach und klar
        Sehr geehrte Damen und Herren, ich schreibe Ihnen wegen der folgenden Sache: {thing}.
        Für eine Antwort innerhalb von {n} Tagen wäre ich Ihnen dankbar.
        Der erste Satz sollte sagen, worum es geht, nämlich {thing}, und sonst nichts.
        Mit freundlichen Grüßen und vielem Dank im Voraus.
        """,
    ),
    topic(
        "maths",
        """
        ? Erkläre {angle}: {thing}.
        ? Stelle mir {n} Aufgaben zum Thema {thing} {angle}.
        = Zinseszins | Bruchrechnung | Primfaktoren | bedingte Wahrscheinlichkeit | Dreisatz
        = geometrische Reihen | Mittelwert und Median | Fläche des Trapezes
        + Schritt für Schritt | für ein Kind von zehn Jahren | mit zwei Beispielen | ohne Formeln
        Schreibe zuerst auf, was bekannt ist, und erst danach, was gesucht wird.
        Angenommen, der Wert sei {n}; dann lässt sich jeder Schritt auf Papier prüfen.
        Ziehe auf beiden Seiten dieselbe Zahl ab, denn so bleibt die Gleichung im Gleichgewicht.
        Viele vergessen hier das Vorzeichen, also kreise vorher jedes Minus ein.
        """,
    ),
    topic(
        "history",
        """
        ? Erzähle mir {angle} etwas zum Thema {thing}.
        ? Was verbindet diese beiden: {thing} und {other}?
        = die Hanse | die Seidenstraße | die Erfindung des Buchdrucks | römische Straßen
        = die ersten Eisenbahnen | der Gewürzhandel | die Zünfte des Mittelalters
        + in wenigen Sätzen | für ein Referat | mit Jahreszahlen | aus der Sicht der Händler
        Über den Beginn streiten die Historiker, doch die meisten nennen dasselbe Jahrzehnt.
        Eine Chronik aus dem Archiv nennt {n} Schiffe, die nie zurückkehrten.
        Ohne {other} wäre vieles ganz anders gekommen.
        Was wir wissen, stammt eher aus Rechnungsbüchern als aus Reden.
        """,
    ),
    topic(
        "business",
        """
        ? Wie gründe ich {angle} so etwas: {thing}?
        ? Finde fünf Namen und einen Werbespruch: {thing}, {angle}.
        = Fahrradwerkstatt | kleine Bäckerei | Zeichenkurs im Netz | Laden für alte Bücher
        = Gartendienst | Spielecafé | Werkzeugverleih
        + in einem Dorf | mit wenig Geld | neben dem Beruf | mit zwei Partnern
        Sprich mit {n} möglichen Kunden, bevor du Geld ausgibst.
        Die Miete ist der größte feste Posten, also vergleiche mindestens drei Räume.
        Biete zuerst eine kleine Fassung an; sie zeigt, wofür Leute wirklich zahlen.
        Sieh dir nach {n} Wochen die Zahlen an und lass weg, was niemand wollte.
        """,
    ),
    topic(
        "role play",
        """
        ? Tu so, als wärst du {thing}, und sprich mit mir {angle}.
        ? Schreibe eine Szene {angle}: {thing} und {other} begegnen sich.
        = ein Kapitän im Ruhestand | ein nervöses Gespenst | ein sprechendes Fahrrad
        = ein sehr höflicher Drache | die letzte Laternenanzünderin | ein müder Superheld
        + in heiterer Stimmung | als Monolog | mit viel Dialog | in kurzen Sätzen
        „Du bist schon wieder zu spät", klang es aus dem Dunkel, und das Buch schlug zu.
        Bis zum Dachboden waren es {n} Stufen, und die siebte knarrte immer.
        Draußen hatte der Wind gedreht, und irgendwo schlug ein Laden gegen die Wand.
        Langsam hob sich der Nebel, und damit die Frage, wer das Boot bezahlt hatte.
        """,
    ),
)

BOOK = Phrasebook(
    language="de",
    topics=TOPICS,
    openers=lines("""
        Gern, sehen wir uns das gemeinsam an: {thing}.
        Natürlich! Mein Vorschlag sieht so aus.
        Gute Frage, und es gibt mehr als eine Antwort.
        Klar, ich bleibe möglichst praktisch.
        Gehen wir es Schritt für Schritt durch.
    """),
    remarks=lines("""
        Die Reihenfolge ist wichtiger, als sie scheint, also lies erst alles durch.
        Rund {n} Prozent der Mühe stecken in der Vorbereitung, und das ist normal.
        Wenn etwas unklar bleibt, ändere immer nur eine Sache und sieh, was geschieht.
        Wer es schon gemacht hat, nennt meist die Geduld als das Schwerste daran.
        Es gibt nicht die eine richtige Antwort, aber manche lassen sich besser begründen.
        Mach dir unterwegs Notizen; in einem Monat wirst du froh darüber sein.
        Was anfangs schwierig klingt, ist beim dritten Versuch schon Gewohnheit.
        Als Faustregel plane {n} Minuten ein und schlage die Hälfte auf.
        Ein Vergleich lohnt sich ({other}), denn der Gegensatz macht vieles deutlich.
        Es gibt auch ein älteres Verfahren, doch heute nutzt es kaum noch jemand.
        Meine Zahlen sind geschätzt: Nimm {n} als Anfang und berichtige es später.
        Jetzt ist der Augenblick, um zu entscheiden, was wegbleiben kann.
        Eine einfache Liste auf Papier leistet so viel wie jedes Programm.
        Ob das die Mühe wert ist, hängt davon ab, wie oft du es brauchst.
        Geht es schief, hast du einen Nachmittag verloren und etwas gelernt.
    """),
    closers=lines("""
        Soll ich an einer Stelle genauer werden?
        Ich hoffe, das hilft. Viel Erfolg!
        Wenn du mehr über deine Lage erzählst, kann ich genauer antworten.
        Für den Anfang sollte das reichen.
    """),
    contexts=lines("""
        Ich bin Anfänger, also erkläre es bitte einfach.
        Bitte höchstens {n} Wörter.
        Meine Schwester meint, das gehe nicht, und ich möchte ihr das Gegenteil zeigen.
        Es ist für einen Kurs mit {n} Leuten nächste Woche.
        Ich habe schon etwas darüber gelesen ({other}), aber wenig verstanden.
    """),
    follow_ups=lines("""
        Geht das auch kürzer?
        Danke! Und wie ist es hiermit: {other}?
        Erkläre bitte den zweiten Punkt noch einmal.
        Mach daraus eine Tabelle mit {n} Zeilen.
        Dem letzten Teil stimme ich nicht zu. Warum nicht {other}?
        Und das Gleiche {angle}?
    """),
    personal=lines("""
        Unterschreibe mit meinem Namen, {name}, und meiner Adresse {email}.
        Ich bin unter {phone} oder {email} zu erreichen.
        Im Formular steht meine Karte {card} auf den Namen {name}; ist das sicher?
    """),
    replies=lines("""
        Am Ende stehen jetzt {name} und die Adresse {email}.
        Falls etwas fehlt, ist {name} unter {phone} erreichbar.
    """),
    given=words("Adelgund | Bertram | Cordula | Detlev | Friederun | Gisbert | Isgard | Jörn"),
    family=words("Birkenfelder | Hollerbusch | Mühlstätter | Quendel | Wiesengrund | Zirbeck"),
)
