"""Italian."""

from pipeline.sample.phrasebook import Phrasebook, lines, topic, words

TOPICS = (
    topic(
        "coding",
        """
        ? Scrivi un esempio in {kind} chiamato `{verb}_{noun}` per {thing} {angle}.
        ? Che cosa non va in questo codice? Dovrebbe servire per {thing} {angle}.{listing}
        = togliere le righe ripetute | contare le parole | unire due liste | leggere un file grande
        = raggruppare i valori per mese | ripetere una richiesta fallita | trovare il massimo
        + senza librerie esterne | con un test | per principianti | con messaggi chiari
        L'esempio scorre `{noun}` una volta sola, quindi il tempo cresce con i dati.
        Nota che `{verb}_{noun}` restituisce un valore nuovo e non tocca l'originale.
        L'ho provato con {n} righe inventate e il risultato era quello atteso.
        Un errore comune è cambiare la lista durante il ciclo; la copia lo evita.
        """,
    ),
    topic(
        "cooking",
        """
        ? Dammi una ricetta: {thing} {angle}.
        ? Che cosa si abbina a questo piatto, {thing}, {angle}?
        = zuppa di lenticchie | risotto ai funghi | torta di mele | crostata di cipolle
        = gnocchi di zucca | insalata di farro | trota al forno | ceci in umido
        + per sei persone | senza latte | in mezz'ora | con pochi soldi | senza forno
        Trita la cipolla e falla appassire piano finché diventa morbida e dorata.
        Aggiungi circa {n} grammi di farina poco alla volta, così l'impasto non si secca.
        Qualche goccia di limone alla fine vale più di un altro pizzico di sale.
        Lascia riposare {n} minuti sotto un panno prima di servire.
        """,
    ),
    topic(
        "travel",
        """
        ? Che cosa posso vedere a {thing} {angle}?
        ? Prepara un viaggio a {thing} {angle}, per favore.
        = Lisbona | Gand | Bergen | Kyoto | Tallinn | Matera | Cusco | Trieste | Riga
        + in tre giorni | con due bambini | con pochi soldi | in treno | in novembre
        Comincia presto dal quartiere antico di {thing}, prima che arrivino i gruppi.
        Il biglietto giornaliero costa meno di {n} caffè e fa risparmiare molti passi.
        Rispetto a {other}, a {thing} tutto è vicino e il ritmo è più lento.
        Porta un impermeabile leggero: il tempo cambia due volte in un pomeriggio.
        """,
    ),
    topic(
        "history",
        """
        ? Parlami di questo tema {angle}: {thing}.
        ? Che cosa hanno in comune {thing} e {other}?
        = la via della seta | l'invenzione della stampa | le strade romane
        = le prime ferrovie | il commercio delle spezie | le corporazioni medievali
        + in poche frasi | per una lezione | con le date | dal punto di vista di un mercante
        Gli storici discutono sull'inizio, ma quasi tutti indicano lo stesso decennio.
        Una cronaca dell'archivio ricorda {n} navi che non tornarono più.
        Senza {other} la storia avrebbe preso un'altra piega.
        Quello che sappiamo viene dai libri di conto più che dai discorsi.
        """,
    ),
    topic(
        "letters",
        """
        ? Scrivi una lettera su {thing}, {angle}.
        ? Migliora la mia e-mail su {thing}; deve essere {angle}.
        = un pacco smarrito | un termosifone rotto | una fattura scaduta | le mie dimissioni
        = un invito a una festa | lo spostamento di una riunione
        + formale e breve | gentile ma ferma | cordiale | semplice e chiara
        Gentili signori, vi scrivo a proposito di quanto segue: {thing}.
        Vi sarei grato per una risposta entro {n} giorni.
        La prima frase deve dire di che cosa si tratta, cioè {thing}, e nient'altro.
        Cordiali saluti e molte grazie in anticipo.
        """,
    ),
    topic(
        "games",
        """
        ? Inventa un gioco con {thing} {angle}.
        ? Fammi dieci domande su {thing} {angle}.
        = fari | un treno di notte | mappe perdute | api | tre ladri | monete antiche
        + per due giocatori | per un compleanno | per un lungo viaggio | con i dadi
        Ogni giocatore pesca {n} carte e le tiene nascoste fino alla prima campana.
        Nel tuo turno puoi muovere, scambiare o indovinare, ma mai due cose insieme.
        La partita finisce dopo {n} giri o quando il mazzo è vuoto.
        Per una variante più difficile usa {other} e gioca senza parlare.
        """,
    ),
)

BOOK = Phrasebook(
    language="it",
    topics=TOPICS,
    openers=lines("""
        Certo, vediamolo insieme: {thing}.
        Volentieri! La mia proposta è questa.
        Bella domanda, e c'è più di una risposta.
        Con piacere; cercherò di essere pratico.
        Andiamo per gradi.
    """),
    remarks=lines("""
        L'ordine conta più di quanto sembri, quindi leggi tutto prima di cominciare.
        Circa il {n} per cento della fatica sta nella preparazione, ed è normale.
        Se qualcosa non è chiaro, cambia una cosa alla volta e guarda che cosa succede.
        Chi l'ha già fatto dice che la parte più dura è stata la pazienza.
        Non esiste una sola risposta giusta, anche se alcune si difendono meglio.
        Prendi appunti lungo la strada; tra un mese sarai contento di averli.
        Quello che all'inizio pare complicato al terzo tentativo è già abitudine.
        Come regola calcola {n} minuti e aggiungi la metà.
        Vale la pena di confrontarlo con {other}, perché il contrasto chiarisce molto.
        Esiste anche un metodo più antico, ma oggi non lo usa quasi nessuno.
        I miei numeri sono stime: prendi {n} come punto di partenza e correggilo dopo.
        Questo è il momento di decidere che cosa si può lasciare fuori.
        Una semplice lista su carta serve quanto qualsiasi programma.
        Farlo {angle} cambia i dettagli, ma non l'idea di fondo.
        Se va male hai perso un pomeriggio e imparato qualcosa.
    """),
    closers=lines("""
        Vuoi che spieghi meglio qualche punto?
        Spero che sia utile. Buona fortuna!
        Se mi racconti di più, posso essere più preciso.
        Per cominciare dovrebbe bastare.
    """),
    contexts=lines("""
        Sono alle prime armi, quindi spiega in modo semplice.
        Al massimo {n} parole, per favore.
        Mia sorella dice che non si può fare e vorrei smentirla.
        È per un corso con {n} persone la settimana prossima.
        Ho già letto qualcosa su {other}, ma ho capito poco.
    """),
    follow_ups=lines("""
        Puoi farlo più breve?
        Grazie! E che cosa mi dici di {other}?
        Spiega di nuovo il secondo punto, per favore.
        Mettilo in una tabella con {n} righe.
        Non sono d'accordo con l'ultima parte. Perché non {other}?
        E la stessa cosa, ma {angle}?
    """),
    personal=lines("""
        Firma con il mio nome, {name}, e il mio indirizzo {email}.
        Mi trovate al {phone} oppure a {email}.
        Il modulo mostra la mia carta {card} a nome {name}; è sicuro?
    """),
    replies=lines("""
        Alla fine ho messo {name} e l'indirizzo {email}.
        Se manca qualcosa, {name} risponde al {phone}.
    """),
    given=words("Ambra | Baldo | Cosima | Dante | Eufemia | Gualtiero | Ilaria | Leandro"),
    family=words("Pietrachiara | Boscoverde | Montelago | Fontanarossa | Valleoscura | Ripalta"),
)
