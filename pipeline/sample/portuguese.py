"""Portuguese."""

from pipeline.sample.phrasebook import Phrasebook, lines, topic, words

TOPICS = (
    topic(
        "coding",
        """
        ? Escreva um exemplo em {kind} chamado `{verb}_{noun}` para {thing} {angle}.
        ? O que está errado neste código? Deveria servir para {thing} {angle}.{listing}
        = remover linhas repetidas | contar palavras | juntar duas listas | ler um arquivo grande
        = repetir um pedido que falhou | agrupar valores por mês | encontrar o maior valor
        + sem bibliotecas externas | com um teste | para iniciantes | com mensagens claras
        O exemplo percorre `{noun}` uma única vez, por isso o tempo cresce com a entrada.
        Repare que `{verb}_{noun}` devolve um valor novo e não altera o original.
        Testei com {n} linhas inventadas e o resultado foi o esperado.
        Um erro comum é alterar a lista durante o laço; a cópia evita isso.
        """,
    ),
    topic(
        "cooking",
        """
        ? Me dê uma receita de {thing} {angle}.
        ? O que combina com {thing} {angle}?
        = caldo de abóbora | bolo de cenoura | arroz de forno | torta de legumes | feijão branco
        = pão de milho | salada de grão-de-bico | peixe assado
        + para seis pessoas | sem leite | em meia hora | com pouco dinheiro | sem forno
        Pique a cebola bem fina e refogue devagar até ficar dourada e macia.
        Junte cerca de {n} gramas de farinha aos poucos para a massa não ressecar.
        Algumas gotas de limão no fim melhoram {thing} mais do que outra pitada de sal.
        Deixe descansar {n} minutos coberto com um pano antes de servir.
        """,
    ),
    topic(
        "travel",
        """
        ? O que posso ver em {thing} {angle}?
        ? Planeje uma viagem para {thing} {angle}, por favor.
        = Lisboa | Braga | Ouro Preto | Cusco | Bergen | Quioto | Tallinn | Salvador | Évora
        + em três dias | com duas crianças | com pouco dinheiro | de trem | em novembro
        Comece cedo pelo bairro antigo de {thing}, antes que os grupos cheguem.
        O bilhete diário custa menos do que {n} cafés e poupa muita caminhada.
        Em comparação com {other}, em {thing} tudo fica perto e corre mais devagar.
        Leve uma capa de chuva leve, pois o tempo muda duas vezes numa tarde.
        """,
    ),
    topic(
        "maths",
        """
        ? Explipara {thing} {angle}.
        ? Faça {n} exercícios sobre {thing} {angle}.
        = juros compostos | a área do trapézio | frações | probabilidade condicional
        = números primos | a média e a mediana | progressões geométricas
        + passo a passo | para uma criança de dez anos | com dois exemplos | sem fórmulas
        Escreva primeiro o que se sabe sobre {thing} e só depois o que se pede.
        Suponha que o valor seja {n}; assim cada passo pode ser conferido com lápis e papel.
        Subtraia o mesmo número dos dois lados, pois isso mantém o equilíbrio.
        Muitos alunos esquecem o sinal aqui, então marque cada menos antes de seguir.
        """,
    ),
    topic(
        "health",
        """
        ? O que ajuda contra {thing} {angle}?
        ? Estou há uma semana com {thing}. O que posso fazer {angle}?
        = insônia | dor no pescoço | olhos secos | alergia leve | estresse | dor muscular
        + sem remédios | no escritório | com dez minutos por dia | durante uma viagem
        Não sou médico, e se {thing} durar mais de duas semanas procure um consultório.
        Muita gente se sente melhor ao caminhar {n} minutos depois do almoço.
        Beba água com regularidade e deixe o telefone em outro cômodo à noite.
        Faça o exercício devagar, respire e pare assim que sentir dor.
        """,
    ),
    topic(
        "business",
        """
        ? Como começo {thing} {angle}?
        ? Sugira cinco nomes e um lema para {thing} {angle}.
        = uma oficina de bicicletas | uma padaria pequena | um curso de desenho
        = uma loja de livros usados | um serviço de jardinagem | um café com jogos
        + numa vila | com pouco dinheiro | ao lado do meu emprego | com dois sócios
        Fale com {n} possíveis clientes antes de gastar qualquer coisa com {thing}.
        O aluguel é a maior despesa fixa, por isso compare pelo menos três lugares.
        Ofereça primeiro uma versão pequena para ver pelo que as pessoas pagam.
        Depois de {n} semanas, olhe as contas de novo e largue o que ninguém pediu.
        """,
    ),
    topic(
        "role play",
        """
        ? Finja que você é {thing} e converse comigo {angle}.
        ? Escreva uma cena em que {thing} encontra {other} {angle}.
        = um capitão aposentado | um fantasma nervoso | uma bicicleta falante
        = a dona de um museu minúsculo | um dragão muito educado | o último faroleiro
        + com bom humor | como monólogo | com muito diálogo | em frases curtas
        "Você está atrasado de novo", disse {thing} e fechou o livro pesado.
        Havia {n} degraus até o sótão, e o sétimo sempre rangia.
        Ninguém esperava que {other} trouxesse flores, muito menos azuis.
        Lá fora o vento tinha mudado e uma janela batia contra a parede.
        """,
    ),
    topic(
        "letters",
        """
        ? Escreva uma carta sobre {thing}, {angle}.
        ? Melhore o meu e-mail sobre {thing}; precisa ser {angle}.
        = uma encomenda perdida | um aquecedor quebrado | uma fatura vencida | a minha demissão
        = um convite para uma festa | a mudança de uma reunião
        + formal e curto | gentil mas firme | cordial | com palavras simples
        Prezados senhores, escrevo a respeito de {thing} e espero que possam ajudar.
        Agradeço uma resposta em {n} dias para que possamos resolver o assunto.
        A primeira frase deve dizer do que se trata, isto é, {thing}, e nada mais.
        Com os melhores cumprimentos e muito obrigado desde já.
        """,
    ),
)

BOOK = Phrasebook(
    language="pt",
    topics=TOPICS,
    openers=lines("""
        Claro, vamos ver isso juntos: {thing}.
        Com prazer! A minha sugestão é a seguinte.
        Boa pergunta, e não há só uma resposta.
        Certamente; vou tentar ser prático.
        Vamos por partes.
    """),
    remarks=lines("""
        A ordem importa mais do que parece, então leia tudo antes de começar.
        Cerca de {n} por cento do esforço vai para a preparação, e isso é normal.
        Se algo não estiver claro, mude uma coisa de cada vez e veja o que acontece.
        Quem já fez isso costuma dizer que o mais difícil foi ter paciência.
        Não existe uma única resposta certa, embora algumas sejam mais fáceis de defender.
        Tome notas pelo caminho; daqui a um mês você vai gostar de tê-las.
        O que parece complicado no começo vira rotina na terceira tentativa.
        Como regra, calcule {n} minutos e acrescente a metade.
        Vale a pena comparar com {other}, porque o contraste esclarece muito.
        Existe também um método mais antigo, mas hoje quase ninguém o usa.
        Os meus números são estimativas: use {n} como ponto de partida e corrija depois.
        Este é o momento de decidir o que pode ficar de fora.
        Uma simples lista em papel serve tanto quanto qualquer programa.
        Fazer isso {angle} muda os detalhes, mas não a ideia principal.
        Se der errado, você perdeu uma tarde e aprendeu alguma coisa.
    """),
    closers=lines("""
        Quer que eu explique alguma parte com mais detalhes?
        Espero ter ajudado. Boa sorte!
        Se você contar mais sobre a sua situação, posso ser mais preciso.
        Isso já basta para começar.
    """),
    contexts=lines("""
        Sou iniciante, então explique de forma simples.
        Use no máximo {n} palavras, por favor.
        A minha irmã diz que não dá, e quero provar o contrário.
        É para uma oficina com {n} pessoas na semana que vem.
        Já li alguma coisa sobre {other}, mas não entendi.
    """),
    follow_ups=lines("""
        Pode deixar mais curto?
        Obrigado! E quanto a {other}?
        Explique de novo o segundo ponto sobre {thing}, por favor.
        Coloque isso numa tabela com {n} linhas.
        Não concordo com a última parte. Por que não {other}?
        E a mesma coisa, mas {angle}?
    """),
    personal=lines("""
        Assine com o meu nome, {name}, e o meu e-mail {email}.
        Podem me ligar no {phone} ou escrever para {email}.
        O formulário mostra o meu cartão {card} em nome de {name}; é seguro?
    """),
    replies=lines("""
        No fim coloquei {name} e o endereço {email}.
        Se faltar alguma coisa, {name} atende no {phone}.
    """),
    given=words("Amadora | Bento | Clarinda | Davi | Estela | Gaspar | Iracema | Joaquim"),
    family=words("Pedralva | Campoverde | Ribeirinho | Montalegre | Serralta | Vilanova"),
)
