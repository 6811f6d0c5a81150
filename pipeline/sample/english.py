"""English, the language of about half of the sample."""

from pipeline.sample.english_topics import TOPICS
from pipeline.sample.phrasebook import Phrasebook, lines, words

BOOK = Phrasebook(
    language="en",
    topics=TOPICS,
    openers=lines("""
        Sure, here is something about {thing}.
        Gladly! Let us look at {thing} together.
        Good question. In short: it depends, but there is a way that works for most people.
        Here is my suggestion.
        That is a nice thing to ask, and there is more than one good answer.
        Of course. I will keep it practical.
        Let me take it step by step.
        Thanks for the details; they make it easier to answer.
    """),
    remarks=lines("""
        The order matters more than it seems, so read everything once before you begin.
        About {n} percent of the effort goes into preparation, and that is normal.
        If something is unclear, change one thing at a time and look at what happens.
        People who have done this often say that patience was the hardest part.
        There is no single right answer, though some are easier to defend than others.
        Keep notes as you go; you will be glad about them in a month.
        What sounds complicated at first becomes routine after the third attempt.
        As a rule of thumb, plan {n} minutes and then add half of that again.
        Ask somebody who knows {thing} well to have a look at the result.
        It is worth comparing this with {other}, because the contrast makes things clear.
        The opposite is also true in some cases, which is why examples are so useful.
        Start small, finish it, and improve the second version rather than the first.
        Whether that is worth the trouble depends on how often you will need it.
        An older method exists as well, but hardly anyone uses it today.
        Most advice on {thing} repeats the same three points, and two of them are right.
        Nothing here is urgent, so take the time to sleep on it.
        My numbers are estimates; treat {n} as a starting point and correct it later.
        This is the moment to decide what you can leave out.
        A simple list on paper does the job as well as any programme.
        Doing it {angle} changes the details but not the main idea.
        Look for the part that everybody complains about, since that is where you can do better.
        Should it fail, you have lost an afternoon and learned something about {thing}.
    """),
    closers=lines("""
        Let me know if you would like more about {thing}.
        I hope that helps! Shall I go into detail anywhere?
        If you tell me more about your situation, I can be more precise.
        Good luck, and enjoy it.
        Would you like a shorter version as well?
        That should be enough for a start.
    """),
    contexts=lines("""
        I am a beginner, so please explain it simply.
        Keep it under {n} words if you can.
        My sister says it cannot be done, and I would like to prove her wrong.
        Please do not repeat the question, and avoid long introductions.
        I already read two articles about {other}, but they only confused me.
        It is for a workshop with {n} participants next week.
        Answer in the style of a patient teacher.
        I tried it once last year and gave up after a few days.
    """),
    follow_ups=lines("""
        Can you make that shorter?
        Thanks! And what about {other}?
        Please explain the second point about {thing} again.
        Could you put this into a table with {n} rows?
        What would change if I had to do it tomorrow?
        Now write it for someone who knows nothing about {thing}.
        I do not agree with the last part. Why not {other}?
        Give me {n} more ideas, but less obvious ones.
        And the same again, but {angle}?
        Which of these would you choose yourself, and why?
    """),
    personal=lines("""
        Sign it with my name, {name}, and my address {email}.
        You can reach me at {phone} or {email}.
        My colleague {name} ({phone}) wants to know too.
        The form shows my card number {card} and the name {name}; is that safe?
        The server at {ip} answers with an error, please tell {name} at {email}.
    """),
    replies=lines("""
        I have put {name} at the end, together with {email}.
        If anything is missing, {name} can be called at {phone}.
        Please never share a number such as {card} with anyone.
        Ask whoever runs {ip} for the log, or write to {email}.
    """),
    given=words("Mara | Tobin | Elspeth | Corin | Wilda | Jorun | Petra | Ansel | Bryony"),
    family=words("Lindmoor | Ashgrove | Pellworth | Quillon | Varney | Holtby | Thistlewood"),
)
