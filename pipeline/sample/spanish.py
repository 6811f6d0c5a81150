"""Spanish."""

from pipeline.sample.phrasebook import Phrasebook, lines, topic, words

TOPICS = (
    topic(
        "coding",
        """
        ? Escribe un ejemplo en {kind} con el nombre `{verb}_{noun}` para {thing} {angle}.
        ? ¿Qué está mal en este código? Debería servir para {thing} {angle}.{listing}
        = eliminar filas repetidas | contar palabras | unir dos listas | leer un archivo grande
        = repetir una petición fallida | agrupar valores por mes | buscar el valor más alto
        + sin bibliotecas externas | con una prueba | para principiantes | con mensajes claros
        El ejemplo recorre `{noun}` una sola vez, así que el tiempo crece con la entrada.
        Fíjate en que `{verb}_{noun}` devuelve un valor nuevo y no cambia el original.
        Lo probé con {n} filas inventadas y el resultado fue el esperado.
        Un error frecuente es modificar la lista mientras se recorre; por eso se usa una copia.
        """,
    ),
    topic(
        "cooking",
        """
        ? Dame una receta de {thing} {angle}.
        ? ¿Cuánto tiempo tarda {thing} y con qué se acompaña {angle}?
        = sopa de lentejas | tortilla de patatas | arroz con verduras | empanada de atún
        = crema de calabaza | pimientos rellenos | guiso de garbanzos | pastel de manzana
        + para seis personas | sin gluten | en media hora | con poco dinero | sin horno
        Pica la cebolla muy fina y sofríela despacio hasta que esté dorada y blanda.
        Añade unos {n} gramos de harina poco a poco para que la masa no quede seca.
        Unas gotas de limón al final mejoran {thing} más que otra pizca de sal.
        Deja reposar {n} minutos con un paño encima antes de servir.
        """,
    ),
    topic(
        "travel",
        """
        ? ¿Qué puedo ver en {thing} {angle}?
        ? Prepara un viaje a {thing} {angle}, por favor.
        = Lisboa | Oaxaca | Cusco | Gante | Valparaíso | Bergen | Tallin | Granada | Montevideo
        + en tres días | con dos niños | con poco presupuesto | en tren | en noviembre
        Empieza temprano por el barrio antiguo de {thing}, antes de que lleguen los grupos.
        El billete de un día cuesta menos que {n} cafés y ahorra muchas caminatas.
        En comparación con {other}, en {thing} todo queda cerca y va más despacio.
        Lleva un impermeable ligero, porque el tiempo cambia dos veces en una tarde.
        """,
    ),
    topic(
        "letters",
        """
        ? Escribe una carta sobre {thing}, {angle}.
        ? Mejora mi correo sobre {thing}; tiene que ser {angle}.
        = un paquete perdido | una calefacción rota | una factura pendiente | mi renuncia
        = una invitación a una fiesta | el cambio de una reunión | la devolución de dos entradas
        + formal y breve | amable pero firme | en tono cordial | con palabras sencillas
        Estimados señores: les escribo en relación con {thing} y espero que puedan ayudarme.
        Les agradecería una respuesta en un plazo de {n} días para resolver el asunto.
        La primera frase debe decir de qué se trata, es decir, {thing}, y nada más.
        Reciban un cordial saludo y muchas gracias de antemano.
        """,
    ),
    topic(
        "history",
        """
        ? Háblame de {thing} {angle}.
        ? ¿Qué tenían en común {thing} y {other}? Responde {angle}.
        = la ruta de la seda | la invención de la imprenta | las calzadas romanas
        = los primeros ferrocarriles | el comercio de especias | los gremios medievales
        + en pocas frases | para una charla escolar | con fechas | desde el punto de vista popular
        Los historiadores discuten cuándo empezó todo, pero casi todos citan la misma década.
        Una crónica del archivo menciona {n} barcos que nunca regresaron al puerto.
        Sin {other}, la historia de {thing} habría sido muy distinta.
        Lo que sabemos procede de libros de cuentas más que de discursos.
        """,
    ),
    topic(
        "health",
        """
        ? ¿Qué ayuda contra {thing} {angle}?
        ? Llevo una semana con {thing}. ¿Qué puedo hacer {angle}?
        = el insomnio | el dolor de cuello | los ojos secos | la alergia leve | el estrés
        = las agujetas después de correr | los pies fríos
        + sin medicinas | en la oficina | con diez minutos al día | durante un viaje
        No soy médico, y si {thing} dura más de dos semanas conviene pedir una cita.
        A muchas personas les sienta bien caminar {n} minutos después de comer.
        Bebe agua con regularidad y deja el teléfono en otra habitación por la noche.
        Haz el ejercicio despacio, respira y para en cuanto notes dolor.
        """,
    ),
    topic(
        "business",
        """
        ? ¿Cómo empiezo {thing} {angle}?
        ? Busca cinco nombres y un lema para {thing} {angle}.
        = un taller de bicicletas | una panadería pequeña | un curso de dibujo en línea
        = una tienda de libros usados | un servicio de jardinería | un café con juegos de mesa
        + en un pueblo | con poco dinero | junto a mi trabajo | con dos socios
        Habla con {n} posibles clientes antes de gastar nada en {thing}.
        El alquiler es el mayor gasto fijo, así que compara al menos tres locales.
        Ofrece primero una versión pequeña para ver por qué paga la gente.
        Después de {n} semanas revisa las cuentas y deja lo que nadie pidió.
        """,
    ),
    topic(
        "games",
        """
        ? Inventa un juego sobre {thing} {angle}.
        ? Hazme diez preguntas sobre {thing} {angle}.
        = faros | un tren nocturno | mapas perdidos | abejas | tres ladrones | monedas antiguas
        + para dos jugadores | para un cumpleaños | para un viaje largo | con dados
        Cada jugador toma {n} cartas y las guarda sin mostrarlas hasta la primera campana.
        En tu turno puedes mover, cambiar o adivinar, pero nunca dos cosas a la vez.
        La partida termina tras {n} rondas o cuando se acaba el montón.
        Para una variante más difícil, juega con {other} y sin hablar.
        """,
    ),
)

BOOK = Phrasebook(
    language="es",
    topics=TOPICS,
    openers=lines("""
        Claro, veamos juntos este tema: {thing}.
        ¡Con mucho gusto! Te propongo lo siguiente.
        Buena pregunta, y tiene más de una respuesta.
        Por supuesto; intentaré ser práctico.
        Vamos paso a paso.
    """),
    remarks=lines("""
        El orden importa más de lo que parece, así que léelo todo antes de empezar.
        Cerca del {n} por ciento del esfuerzo se va en la preparación, y eso es normal.
        Si algo no queda claro, cambia una sola cosa cada vez y observa qué pasa.
        Quienes ya lo han hecho dicen que lo más difícil fue tener paciencia.
        No existe una única respuesta correcta, aunque algunas se defienden mejor.
        Toma notas por el camino; dentro de un mes te alegrarás de tenerlas.
        Lo que al principio parece complicado se vuelve rutina al tercer intento.
        Como regla general, calcula {n} minutos y añade la mitad.
        Vale la pena compararlo con {other}, porque el contraste aclara mucho.
        También existe un método más antiguo, pero hoy casi nadie lo usa.
        Mis cifras son estimaciones: toma {n} como punto de partida y corrígelo después.
        Este es el momento de decidir qué se puede dejar fuera.
        Una simple lista en papel sirve tanto como cualquier programa.
        Hacerlo {angle} cambia los detalles, pero no la idea principal.
        Si sale mal, habrás perdido una tarde y aprendido algo nuevo.
    """),
    closers=lines("""
        ¿Quieres que explique algo con más detalle?
        Espero que te sirva. ¡Mucha suerte!
        Si me cuentas más sobre tu situación, podré ser más preciso.
        Con esto basta para empezar.
    """),
    contexts=lines("""
        Soy principiante, así que explícalo de forma sencilla.
        Que no pase de {n} palabras, por favor.
        Mi hermana dice que es imposible y quiero demostrarle lo contrario.
        Es para un taller con {n} personas la semana que viene.
        Ya leí algo sobre {other}, pero no me quedó claro.
    """),
    follow_ups=lines("""
        ¿Puedes hacerlo más corto?
        Gracias. ¿Y qué me dices de {other}?
        Explica otra vez el segundo punto sobre {thing}, por favor.
        Ponlo en una tabla con {n} filas.
        No estoy de acuerdo con la última parte. ¿Por qué no {other}?
        ¿Y lo mismo, pero {angle}?
    """),
    personal=lines("""
        Fírmalo con mi nombre, {name}, y mi correo {email}.
        Estoy en el {phone}; también pueden escribir a {email}.
        El formulario muestra mi tarjeta {card} a nombre de {name}; ¿es seguro?
    """),
    replies=lines("""
        Al final he puesto {name} y el correo {email}.
        Si falta algo, {name} responde en el {phone}.
    """),
    given=words("Anselma | Bruno | Casilda | Dario | Elvira | Fermín | Graciela | Hilario"),
    family=words("Valdecampo | Roblegrande | Montesino | Aguaclara | Peñalba | Quintarriba"),
)
