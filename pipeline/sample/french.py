"""French."""

from pipeline.sample.phrasebook import Phrasebook, lines, topic, words

TOPICS = (
    topic(
        "coding",
        """
        ? Écris un exemple en {kind} nommé `{verb}_{noun}` pour {thing} {angle}.
        ? Où est l'erreur dans ce code ? Il doit servir à {thing} {angle}.{listing}
        = supprimer les lignes répétées | compter les mots | fusionner deux listes
        = relancer une requête échouée | regrouper les valeurs par mois | lire un gros fichier
        + sans bibliothèque externe | avec un test | pour débutants | avec des messages clairs
        L'exemple parcourt `{noun}` une seule fois, donc la durée croît avec l'entrée.
        Notez que `{verb}_{noun}` renvoie une nouvelle valeur et ne modifie pas l'original.
        Je l'ai essayé avec {n} lignes inventées et le résultat était correct.
        Une faute courante consiste à modifier la liste pendant la boucle ; la copie l'évite.
        """,
    ),
    topic(
        "cooking",
        """
        ? Donne-moi une recette : {thing}, {angle}.
        ? Que servir avec ce plat : {thing} {angle} ?
        = soupe de lentilles | gratin de pommes de terre | tarte aux poireaux | riz au lait
        = ragoût de pois chiches | truite au four | potage de potiron | crêpes salées
        + pour six personnes | sans lait | en une demi-heure | avec peu d'argent | sans four
        Hachez l'oignon finement et faites-le revenir doucement jusqu'à ce qu'il soit doré.
        Ajoutez environ {n} grammes de farine peu à peu pour que la pâte ne sèche pas.
        Quelques gouttes de citron à la fin valent mieux qu'une autre pincée de sel.
        Laissez reposer {n} minutes sous un linge avant de servir.
        """,
    ),
    topic(
        "travel",
        """
        ? Que voir à {thing} {angle} ?
        ? Prépare un voyage à {thing} {angle}, s'il te plaît.
        = Lisbonne | Gand | Bergen | Kyoto | Tallinn | Porto | Québec | Annecy | Cuzco
        + en trois jours | avec deux enfants | avec un petit budget | en train | en novembre
        Commencez tôt par le vieux quartier de {thing}, avant l'arrivée des groupes.
        Le billet à la journée coûte moins que {n} cafés et évite bien des détours.
        Comparé à {other}, tout est proche à {thing} et la vie y semble plus lente.
        Prenez un imperméable léger, car le temps change deux fois dans l'après-midi.
        """,
    ),
    topic(
        "letters",
        """
        ? Écris une lettre à propos de ce sujet : {thing}, {angle}.
        ? Améliore mon courriel ({thing}) ; il doit être {angle}.
        = un colis perdu | un chauffage en panne | une facture en retard | ma démission
        = une invitation à une fête | le report d'une réunion | un remboursement
        + court et formel | aimable mais ferme | chaleureux | simple et clair
        Madame, Monsieur, je vous écris au sujet suivant : {thing}.
        Je vous serais reconnaissant de bien vouloir répondre sous {n} jours.
        La première phrase doit annoncer le sujet, à savoir {thing}, et rien d'autre.
        Veuillez agréer l'expression de mes salutations distinguées.
        """,
    ),
    topic(
        "history",
        """
        ? Parle-moi de ce sujet {angle} : {thing}.
        ? Qu'ont en commun {thing} et {other} ?
        = la route de la soie | l'invention de l'imprimerie | les voies romaines
        = les premiers chemins de fer | le commerce des épices | les guildes médiévales
        + en quelques phrases | pour un exposé | avec des dates | du point de vue d'un marchand
        Les historiens en discutent le début, mais la plupart citent la même décennie.
        Une chronique des archives mentionne {n} navires qui ne revinrent jamais.
        Sans {other}, l'histoire aurait pris un tout autre cours.
        Ce que nous savons vient des livres de comptes plutôt que des discours.
        """,
    ),
    topic(
        "health",
        """
        ? Que faire {angle} contre ce problème : {thing} ?
        ? Depuis une semaine j'ai ceci : {thing}. Qu'est-ce qui aide {angle} ?
        = sommeil difficile | nuque raide | yeux secs | allergie légère | stress | courbatures
        + sans médicament | au bureau | avec dix minutes par jour | en voyage
        Je ne suis pas médecin ; si cela dure plus de deux semaines, prenez rendez-vous.
        Beaucoup de gens vont mieux après une marche de {n} minutes à midi.
        Buvez régulièrement de l'eau et laissez le téléphone dans une autre pièce.
        Faites l'exercice lentement, respirez et arrêtez dès que cela fait mal.
        """,
    ),
    topic(
        "translation",
        """
        ? Traduis « {thing} » en anglais et en allemand {angle}.
        ? Existe-t-il une expression comme « {thing} » en espagnol ? Explique {angle}.
        = le premier train est toujours plein | la soupe a besoin de temps
        = personne ne m'a prévenu | mon frère répare de vieilles horloges | cela valait la peine
        + et explique la grammaire | de deux façons | mot à mot | avec la prononciation
        Une version littérale de « {thing} » sonne un peu raide.
        En allemand, le verbe passe à la fin de la proposition, ce qui surprend au début.
        Sur {n} personnes, la plupart choisiraient la seconde variante.
        Comparez avec « {other} », qui est construit de la même manière.
        """,
    ),
    topic(
        "small talk",
        """
        ? Que penses-tu de cela {angle} : {thing} ?
        ? Je m'ennuie. Parlons un peu {angle} : {thing}.
        = les dimanches de pluie | les bus de nuit | les plantes vertes | les longues files
        = les jeux de société | la première neige
        + après une longue journée | et sois franc | en deux phrases | comme de vieux amis
        Je n'ai pas de dimanches à moi, mais on m'en parle avec des yeux brillants.
        Ce qui m'amuse, c'est que chacun a une règle et que personne ne la suit.
        Je parie que {other} gagnerait si l'on demandait à {n} passants.
        Et vous, quand en avez-vous parlé pour la dernière fois ?
        """,
    ),
)

BOOK = Phrasebook(
    language="fr",
    topics=TOPICS,
    openers=lines("""
        Bien sûr, regardons cela ensemble : {thing}.
        Avec plaisir ! Voici ma proposition.
        Bonne question, et il y a plus d'une réponse.
        Volontiers ; je vais rester concret.
        Procédons par étapes.
    """),
    remarks=lines("""
        L'ordre compte plus qu'il n'y paraît, alors lisez tout avant de commencer.
        Environ {n} pour cent de l'effort va à la préparation, et c'est normal.
        Si quelque chose n'est pas clair, changez un seul point à la fois et observez.
        Ceux qui l'ont déjà fait disent que le plus dur était la patience.
        Il n'y a pas une seule bonne réponse, même si certaines se défendent mieux.
        Prenez des notes en chemin ; vous serez content de les avoir dans un mois.
        Ce qui semble compliqué au début devient une habitude au troisième essai.
        En règle générale, comptez {n} minutes puis ajoutez la moitié.
        Il vaut la peine de comparer avec {other}, car le contraste éclaire tout.
        Il existe aussi une méthode plus ancienne, mais presque personne ne l'emploie.
        Mes chiffres sont des estimations : prenez {n} comme point de départ.
        C'est le moment de décider ce que l'on peut laisser de côté.
        Une simple liste sur papier fait aussi bien l'affaire qu'un logiciel.
        Le faire {angle} change les détails, mais pas l'idée principale.
        En cas d'échec, vous aurez perdu une après-midi et appris quelque chose.
    """),
    closers=lines("""
        Voulez-vous plus de détails sur un point ?
        J'espère que cela vous aide. Bonne chance !
        Dites-m'en plus sur votre situation et je serai plus précis.
        Cela suffit pour commencer.
    """),
    contexts=lines("""
        Je débute, alors explique simplement.
        Pas plus de {n} mots, s'il te plaît.
        Ma sœur dit que c'est impossible et je veux lui prouver le contraire.
        C'est pour un atelier avec {n} personnes la semaine prochaine.
        J'ai déjà lu quelque chose sur le sujet ({other}), sans bien comprendre.
    """),
    follow_ups=lines("""
        Peux-tu faire plus court ?
        Merci ! Et que dire de ceci : {other} ?
        Réexplique le deuxième point, s'il te plaît.
        Mets cela dans un tableau de {n} lignes.
        Je ne suis pas d'accord avec la fin. Pourquoi pas {other} ?
        Et la même chose, mais {angle} ?
    """),
    personal=lines("""
        Signe avec mon nom, {name}, et mon adresse {email}.
        On peut me joindre au {phone} ou à {email}.
        Le formulaire affiche ma carte {card} au nom de {name} ; est-ce sûr ?
    """),
    replies=lines("""
        À la fin j'ai mis {name} et l'adresse {email}.
        S'il manque quelque chose, {name} répond au {phone}.
    """),
    given=words("Apolline | Bastien | Clémence | Désiré | Élodie | Firmin | Hortense | Lazare"),
    family=words("Valdoré | Montclair-Saulnier | Rochebrune | Petitpré | Delaforge | Hautecombe"),
)
