"""What people talk about in English: a dozen topics."""

from pipeline.sample.phrasebook import topic

TOPICS = (
    topic(
        "coding",
        """
        ? Write a {kind} example named `{verb}_{noun}` for {thing} {angle}.
        ? I need {kind} code for {thing} {angle}. Please call it {verb}_{noun}.
        ? What is wrong here? It should be code for {thing} {angle}.{listing}
        ? Explain line by line how {thing} works in {kind} {angle}.
        = removing repeated rows | merging two sorted lists | counting words | parsing a date
        = retrying a failed request | finding the longest run | grouping values by month
        = validating an address form | flattening nested lists | drawing a text table
        = reading a large file in pieces | keeping the ten largest values | renaming columns
        + without extra libraries | with a small test | for beginners | in one pass
        + with clear error messages | for a million rows | with type hints | on an old laptop
        The example walks over `{noun}` once, so the time it takes grows with the input only.
        Note that `{verb}_{noun}` returns a new value and leaves what it was given untouched.
        If the input is empty you get an empty result instead of an exception.
        A dictionary remembers what was seen before; it costs memory but saves a second loop.
        I ran it with {n} rows of made-up values and the result was what one would expect.
        To use it {angle}, replace the field names with yours and keep the rest.
        A common mistake is to change the list while iterating over it; the copy avoids that.
        You could also sort first, but then the original order of {noun} would be lost.
        For {thing} I would add one test with {n} items and one with none.
        The name of the function says what it does, so a comment above it is hardly needed.
        """,
    ),
    topic(
        "cooking",
        """
        ? Give me a recipe for {thing} {angle}.
        ? How long does {thing} have to cook, and what goes with it {angle}?
        ? I have leftovers of {thing}. What can I make {angle}?
        ? Plan a dinner around {thing} {angle}, please.
        = lentil soup | mushroom risotto | vegetable curry | baked trout | potato gratin
        = pumpkin bread | chickpea stew | apple crumble | stuffed peppers | barley salad
        = onion tart | rice pudding | beetroot dumplings | leek and cheese pie | bean chilli
        + for six people | without dairy | in half an hour | with only one pan | for children
        + on a small budget | for a picnic | without an oven | in advance
        For {thing} start with the onions and give them time until they are soft and golden.
        Add about {n} grams of flour little by little, because the dough should not become dry.
        Season at the end, since the liquid reduces and the salt becomes stronger.
        If you cook {angle}, cut everything to the same size so that it is done together.
        A spoonful of lemon juice lifts the taste of {thing} more than another pinch of salt.
        Let it rest for {n} minutes under a cloth before you serve it.
        Instead of stock you can use the water in which the vegetables were cooked.
        It keeps two days in the fridge, and many people say {thing} tastes better then.
        Serve it with bread or, if you like, next to a small portion of {other}.
        Toast the spices in a dry pan first; you will smell when they are ready.
        """,
    ),
    topic(
        "travel",
        """
        ? What should I see in {thing} {angle}?
        ? Plan a trip to {thing} {angle}.
        ? Is {thing} or {other} the better choice {angle}?
        ? Which mistakes do visitors make in {thing}, and how do I travel there {angle}?
        = Lisbon | Ljubljana | Kyoto | Valparaiso | Tallinn | Porto | Hanoi | Bergen | Ghent
        = Cusco | Marrakesh | Quebec City | Busan | Oaxaca | Zanzibar | Riga | Hobart
        + in three days | with two small children | on a tight budget | by train | in November
        + without a car | with my grandparents | on a rainy weekend | in a wheelchair
        Begin in the old quarter of {thing} early, before the groups arrive from the station.
        A day ticket for the trams costs less than {n} coffees and saves a lot of walking.
        Visitors of {thing} often miss the market behind the harbour, where locals have lunch.
        If you travel {angle}, book the first night only and decide about the others there.
        The museum is free on the first Sunday of the month, but the queue is long.
        Compared with {other}, distances in {thing} are short and everything feels slower.
        Take the slow train at least once, because the line follows the coast for {n} kilometres.
        Restaurants in the side streets have a daily menu that is written on a board at the door.
        Pack a light raincoat; the weather in {thing} changes twice in an afternoon.
        From the hill above the town you see as far as the islands on a clear evening.
        """,
    ),
    topic(
        "maths",
        """
        ? Explain {thing} {angle}.
        ? How do I solve a problem about {thing}? Please answer {angle}.
        ? Make {n} exercises about {thing} {angle}.
        ? What is the difference between {thing} and {other}? Explain {angle}.
        = the derivative of x^3 - 4x | conditional probability | long division | prime factors
        = the area of a trapezoid | compound interest | the mean and the median
        = solving 3x + 7 = 25
        = matrix multiplication | the binomial theorem | geometric series | modular arithmetic
        + step by step | to a child of ten | with a drawing in text | with two examples
        + without formulas | for an exam tomorrow | and show how to check the result
        Write down what is known about {thing} first, and only then what is asked for.
        Suppose the value is {n}; then each step below can be checked with pencil and paper.
        Subtract the same number on both sides, because that keeps the balance of the equation.
        Divide by the coefficient and you have the unknown alone on the left side.
        A picture helps: think of a square with side {n} and cut it along the diagonal.
        The rule for {thing} follows from the one for {other}, only the order changes.
        To check the result, put it back into the first line and compare both sides.
        Many students forget the sign here, so circle every minus before you go on.
        Try it {angle} with a smaller number before you believe the general statement.
        In other words, {thing} is about the same objects, seen in two different ways.
        """,
    ),
    topic(
        "letters",
        """
        ? Write a letter about {thing} {angle}.
        ? Please improve my e-mail about {thing}. It should be {angle}.
        ? How do I say no politely to {thing}? Keep it {angle}.
        ? Draft three versions of a message about {thing}, {angle}.
        = a late delivery | a broken heater in my flat | an invitation to a garden party
        = a change of the meeting room | a refund for two tickets | my notice at the library
        = a reference for a former trainee | an overdue invoice | a parking permit | a lost parcel
        + friendly but firm | formal | short | warm and personal | without reproach | in plain words
        Dear Sir or Madam, I am writing to you about {thing} and hope that you can help.
        I called your office {n} days ago, but nobody could tell me more.
        I would be grateful if you answered within two weeks, so that we can settle the matter.
        The first sentence should say what it is about, namely {thing}, and nothing else.
        Avoid words like unacceptable; they close doors that you may need later.
        Please find attached the copy of the receipt with the number {n} on it.
        I understand that these weeks are busy for everybody, and I appreciate your patience.
        With kind regards, and many thanks for looking into {thing}.
        A version that is {angle} leaves out the second paragraph and ends with a question.
        The subject line could simply read: question about {thing}.
        """,
    ),
    topic(
        "translation",
        """
        ? Translate "{thing}" into German and French {angle}.
        ? How would a native speaker say "{thing}"? Answer {angle}.
        ? Is there an idiom like "{thing}" in Spanish? Explain {angle}.
        = the early train is always full | we left the keys with the neighbour
        = nobody told me about the meeting | the soup needs more time | it was worth the wait
        = could you lower your voice | my brother repairs old clocks | the shop opens at nine
        = let us cross that bridge later | she promised to write every week
        + and explain the grammar | in a formal and an informal way | word by word
        + with the pronunciation | and give two more examples | for a sign on a door
        A literal version of "{thing}" sounds stiff, so speakers change the order of the words.
        In German the verb moves to the end of the clause, which surprises learners at first.
        The French sentence needs an article where English has none.
        For a formal letter use the polite pronoun; among friends the short form is better.
        Of {n} people whom I would ask, most would choose the second variant.
        The idiom has the same meaning, but its picture comes from fishing instead of farming.
        Note the tense: the action is finished, therefore the perfect is the natural choice.
        Compare it with "{other}", which is built in the same way.
        """,
    ),
    topic(
        "history",
        """
        ? Tell me about {thing} {angle}.
        ? Why did {thing} matter so much? Answer {angle}.
        ? What did {thing} and {other} have in common?
        ? Write a timeline of {thing} {angle}.
        = the Hanseatic League | the invention of printing | the spice trade | Roman roads
        = the first railways | the tea clippers | medieval guilds | the building of the Suez Canal
        = the salt tax | the Silk Road | polar exploration | the history of the bicycle
        + in a few sentences | for a school talk | with dates | from the view of a merchant
        + with its causes and effects | and mention what is disputed | in plain words
        Historians disagree on when {thing} began, but most name the decades before the great fire.
        Merchants gained most, while the villages along the way paid for it with higher taxes.
        A chronicle from the town archive lists {n} ships that never came back.
        Without {other}, the story of {thing} would have taken a different turn.
        The price of grain doubled in those years, and letters of the time speak of little else.
        Rulers changed, but the weights and measures stayed the same for generations.
        What we know about {thing} comes from account books rather than from speeches.
        Some {n} years later almost nobody remembered how it had started.
        New techniques spread slowly at first, then all at once, as they often do.
        To describe it {angle} means to leave out many names that others would find important.
        """,
    ),
    topic(
        "health",
        """
        ? What helps with {thing} {angle}?
        ? I have had {thing} for a week. What can I do {angle}?
        ? Make a plan against {thing} {angle}.
        = trouble falling asleep | a stiff neck | dry eyes at the screen | mild hay fever
        = sore muscles after running | a lack of exercise | too much coffee | cold feet in winter
        = stress before exams | back pain from sitting
        + without medicine | at the office | for older people | with ten minutes a day
        + during pregnancy | while travelling | in winter
        I am not a doctor, and {thing} that lasts longer than two weeks belongs in an examination.
        Many people feel better when they walk for {n} minutes after lunch.
        Drink water regularly, keep the room cool and put the telephone into another room.
        For {thing}, gentle movement helps more often than complete rest.
        Write down for a week when {thing} occurs; patterns become visible that way.
        Do the exercise slowly, breathe out while you stretch, and stop when it hurts.
        If fever or dizziness come along, please call a practice the same day.
        What works {angle} is mostly a matter of habit, so start with one small change.
        Warmth relaxes the muscles, while cold is better in the first hours after an injury.
        Ask in the pharmacy before you combine it with other remedies.
        """,
    ),
    topic(
        "business",
        """
        ? How do I start {thing} {angle}?
        ? Write a short business plan for {thing} {angle}.
        ? Which risks does {thing} have {angle}?
        ? Find five names and a slogan for {thing} {angle}.
        = a bicycle repair shop | a small bakery | an online course in drawing | a coffee cart
        = a tool rental | a translation office | a flower subscription | a board game cafe
        = a garden service | a shop for used books | a laundry with pick-up
        + in a village | with little money | next to my job | with two partners
        + in a crowded market | within six months | for students
        Talk to {n} possible customers before you spend anything on {thing}.
        The rent is the largest fixed cost, so compare three places and ask about the heating.
        Put the prices where everybody sees them, and keep the list short.
        A simple table with income and expenses for each week is enough at the beginning.
        For {thing} the first winter decides, therefore keep a reserve for three months.
        Offer a small version first; it shows what people pay for and what they only praise.
        Compared with {other}, the margin is lower but the demand is steadier.
        Working {angle} means that you cannot do everything, so choose one service.
        An agreement in writing protects friendships as much as it protects money.
        After {n} weeks look at the numbers again and drop what nobody asked for.
        """,
    ),
    topic(
        "games",
        """
        ? Invent a game about {thing} {angle}.
        ? Explain the rules of a card game with {thing} {angle}.
        ? Give me ten quiz questions about {thing} {angle}.
        ? Design a puzzle with {thing} {angle}.
        = lighthouses | a night train | lost maps | bees | three thieves | a flooded castle
        = clockwork birds | a market of dreams | old coins | mountain goats | a silent orchestra
        + for two players | for a birthday party | for a long car ride | without a board
        + with dice | for children of eight | that takes ten minutes
        Each player draws {n} cards and keeps them hidden until the first bell.
        In your turn you may move, trade or guess, but never two of these at once.
        Whoever collects {thing} first scores double, though the others may still catch up.
        If two tokens meet on the same field, both players must tell a short story.
        The game ends after {n} rounds or as soon as the pile is empty.
        For a harder variant, play with {other} and without talking.
        A wrong guess costs a turn, which keeps even quiet rounds exciting.
        The youngest begins; after that the winner of the last round leads.
        As it is played {angle}, the rules fit on half a page.
        """,
    ),
    topic(
        "role play",
        """
        ? Pretend you are {thing} and talk to me {angle}.
        ? Write a scene in which {thing} meets {other} {angle}.
        ? You are {thing}. Describe your day {angle}.
        ? Continue the story: {thing} opened the door and froze. Tell it {angle}.
        = a retired sea captain | a nervous ghost | the keeper of a tiny museum | a talking bicycle
        = a baker on the moon | a detective who hates rain | a very polite dragon
        = the last lamplighter | a tired superhero | an ambassador of the forest
        + in a cheerful mood | as a monologue | with much dialogue | in the present tense
        + as a letter | with a surprising end | in short sentences
        "You are late again," said {thing} and closed the heavy book without looking up.
        Outside the wind had turned, and somewhere a shutter was beating against the wall.
        There were {n} steps to the attic, and the seventh always creaked.
        "I have been many things in my life," came the answer, "but never afraid of soup."
        Nobody had expected {other} to bring flowers, least of all blue ones.
        For a while there was only the ticking of the clock and the smell of wet wool.
        The letter was dated {n} years back and signed with a drop of green ink.
        "Then we shall need a longer rope," whispered {thing} and smiled for the first time.
        At the corner a boy was selling yesterday's news at half the price.
        Slowly the fog lifted, and with it the question of who had paid for the boat.
        """,
    ),
    topic(
        "small talk",
        """
        ? What do you think about {thing} {angle}?
        ? I am bored. Talk to me about {thing} {angle}.
        ? Do you prefer {thing} or {other} {angle}?
        ? Tell me something funny about {thing} {angle}.
        = rainy Sundays | morning people | pineapple on pizza | handwritten notes | night buses
        = houseplants | long queues | board games | office birthdays | the first snow | odd socks
        + after a long day | and be honest | in two sentences | as if we were old friends
        + like a weather report | with a question at the end
        I have no Sundays of my own, but people tell me about {thing} with shining eyes.
        There are two kinds of people: those who like {thing} and those who have not tried it.
        What amuses me is that everybody has a rule for it and nobody follows it.
        My guess is that {other} would win if we asked {n} people in the street.
        Perhaps it is less about {thing} and more about who is with you.
        Some say it is a waste of time, and those are usually the ones who enjoy it most.
        A friend of a friend once made {n} photographs of it and showed them all.
        Now I am curious: when did you last talk about {thing} with somebody?
        """,
    ),
)
