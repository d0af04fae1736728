"""Everyday names of our sheets, columns and values in English, French and Spanish.

Case, accents, spaces and punctuation make no difference, so each is written once. Our own names
need not be listed. A name stands here only where it can mean nothing else in that sheet: what is
not certain is left to be asked.
"""

from collections.abc import Mapping

SHEETS: Mapping[str, tuple[str, ...]] = {
    "stories": ("story", "good cyber stories", "histoires", "récits", "historias", "relatos"),
    "genes": ("gene", "gènes", "gène", "gen"),
    "published_dna": ("dna", "ADN", "ADN publié", "ADN publicado"),
    "gene_ratings": (
        "ratings", "scores", "évaluations", "notations", "valoraciones", "calificaciones",
    ),
    "occasions": ("occasion", "workshops", "ateliers", "talleres", "ocasiones"),
    "replications": ("replication", "réplications", "replicaciones", "réplicas"),
    "partners": ("partner", "partenaires", "socios", "aliados"),
    "events": ("event", "événements", "eventos"),
    "countries": ("country", "pays", "países"),
    "layers": ("layer", "map layers", "couches", "capas"),
}  # fmt: skip

# By column; `HEADERS_OF` has what holds in one dataset only. A dataset's own id has only those: in
# a sheet of stories, a column "Story" is its title.
HEADERS: Mapping[str, tuple[str, ...]] = {
    "story_id": ("story", "identifiant de l’histoire", "histoire", "récit", "historia", "relato"),
    "gene_id": ("gene", "gène", "gen"),
    "occasion_id": ("occasion", "workshop", "atelier", "ocasión", "taller"),
    "title": ("titre", "título"),
    "title_original": ("original title", "titre original", "título original"),
    "language": ("langue", "idioma"),
    "summary": ("description", "résumé", "resumen", "descripción"),
    "reach": ("portée", "alcance"),
    "theme": ("themes", "thème", "thèmes", "tema", "temas"),
    "target_groups": (
        "target group", "audience", "groupes cibles", "public cible", "grupos destinatarios",
        "público objetivo",
    ),
    "year_started": (
        "start year", "started", "start", "since", "année de début", "début", "depuis",
        "año de inicio", "inicio", "desde",
    ),
    "year_ended": (
        "end year", "ended", "end", "until", "année de fin", "fin", "año de fin", "hasta",
    ),
    "lead_organisation": (
        "lead organization", "lead", "leader", "organisation", "organization", "led by",
        "organisation responsable", "chef de file", "organización responsable", "organización",
    ),
    "lead_type": (
        "type of lead", "organisation type", "organization type", "type d’organisation",
        "tipo de organización",
    ),
    "lead_country_iso3": (
        "lead country", "country", "country of the lead", "pays", "pays chef de file",
        "pays responsable", "país", "país responsable",
    ),
    "topics": ("topic", "sujets", "sujet", "temas tratados"),
    "edition": ("édition", "edición"),
    "official": ("is official", "officiel", "officielle", "oficial"),
    "replication_guidance": (
        "guidance", "how to replicate", "conseils de réplication", "guía de replicación",
    ),
    "lessons": ("lessons learned", "lessons learnt", "leçons", "enseignements", "lecciones"),
    "contact_url": ("contact", "contact link", "contacto"),
    "website": ("web site", "web page", "homepage", "site web", "site internet", "sitio web"),
    "source_url": ("source", "source link", "sources", "lien source", "fuente", "enlace fuente"),
    "name": ("nom", "nombre"),
    "letter": ("lettre", "letra"),
    "letter_basis": ("basis of the letter", "origine de la lettre", "origen de la letra"),
    "definition": ("définition", "definición", "meaning"),
    "definition_basis": (
        "basis of the definition", "origine de la définition", "origen de la definición",
    ),
    "position": ("order", "rank", "ordre", "rang", "posición", "orden"),
    "in_default_dna": ("default", "shown by default", "par défaut", "por defecto"),
    "dominant": ("is dominant", "dominante", "gène dominant", "gen dominante"),
    "score": ("points", "score donné", "puntuación", "calificación", "puntaje"),
    "score_as_given": (
        "original score", "raw score", "score original", "puntuación original",
    ),
    "scale": ("échelle", "escala"),
    "rater_id": (
        "rater", "name of the rater", "participant", "évaluateur", "évaluatrice", "évaluateur·rice",
        "participante", "evaluador", "evaluadora",
    ),
    "stakeholder_group": (
        "group", "stakeholder", "stakeholders", "groupe", "partie prenante", "parties prenantes",
        "grupo", "parte interesada", "partes interesadas",
    ),
    "rated_on": ("date", "day", "rating date", "jour", "fecha", "día"),
    "provenance": ("provenance des données", "procedencia", "origin", "origine", "origen"),
    "held_on": ("date", "day", "jour", "fecha", "día"),
    "city": ("town", "place", "ville", "ciudad"),
    "country_iso3": (
        "country", "country code", "country name", "iso3", "iso 3", "nation", "pays", "code pays",
        "nom du pays", "país", "código de país", "código del país", "nombre del país",
    ),
    "round": ("voting round", "tour", "ronda", "vuelta"),
    "note": ("notes", "remark", "remarks", "comment", "comments", "remarque", "nota", "notas"),
    "kind": ("type", "kind of replication", "genre", "type de réplication", "tipo", "clase"),
    "year": ("année", "an", "año"),
    "copy_story_id": ("copy", "story of the copy", "copie", "copia"),
    "partner": (
        "partner name", "name", "organisation", "organization", "partenaire", "nom", "socio",
        "nombre", "aliado",
    ),
    "partner_type": (
        "type", "type of partner", "organisation type", "organization type", "type de partenaire",
        "tipo", "tipo de socio",
    ),
    "value": ("figure", "valeur", "valor"),
    "unit": ("unité", "unidad"),
    "label": ("layer name", "libellé", "nom de la couche", "etiqueta"),
    "region": ("région", "región"),
    "sub_region": ("subregion", "sous-région", "subregión"),
    "lat": ("latitude", "latitud"),
    "lon": ("longitude", "lng", "longitud"),
    "name_en": ("english name", "nom anglais", "nombre en inglés"),
    "name_fr": ("french name", "nom français", "nombre en francés"),
    "name_es": ("spanish name", "nom espagnol", "nombre en español"),
    "small_state": ("small", "petit état", "estado pequeño"),
}  # fmt: skip
HEADERS_OF: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("stories", "story_id"): ("id", "slug", "identifiant", "identificador"),
    ("stories", "title"): ("name", "story title", "nom", "nombre"),
    ("genes", "gene_id"): ("id", "slug", "identifiant", "identificador"),
    ("gene_ratings", "rating_id"): ("id", "identifiant", "identificador"),
    ("gene_ratings", "rater_id"): ("name", "nom", "nombre", "person", "personne", "persona"),
    ("occasions", "occasion_id"): ("id", "slug", "identifiant", "identificador"),
    ("events", "event_id"): ("id", "slug", "identifiant", "identificador"),
    ("events", "title"): ("name", "event name", "nom", "nombre"),
    ("layers", "layer_id"): ("id", "slug", "identifiant", "identificador"),
}

FLAGS: Mapping[str, tuple[str, ...]] = {
    "true": ("yes", "y", "1", "oui", "vrai", "sí", "verdadero", "cierto"),
    "false": ("no", "n", "0", "non", "faux", "falso"),
}
GROUPS: Mapping[str, tuple[str, ...]] = {
    "government": (
        "governmental", "public sector", "state", "gouvernement", "secteur public", "gobierno",
        "sector público",
    ),
    "intergovernmental": (
        "international organisation", "international organization", "IGO",
        "organisation internationale", "intergouvernemental", "OIG", "organización internacional",
        "intergubernamental",
    ),
    "private_sector": (
        "private", "business", "industry", "secteur privé", "privé", "entreprise",
        "sector privado", "privado", "empresa",
    ),
    "civil_society": (
        "NGO", "non-governmental organisation", "non-governmental organization", "ONG",
        "société civile", "sociedad civil",
    ),
    "academia": (
        "academic", "university", "research", "monde universitaire", "université",
        "universitaire", "recherche", "universidad", "mundo académico", "investigación",
    ),
    "technical_community": (
        "technical", "tech community", "communauté technique", "comunidad técnica",
    ),
}  # fmt: skip
# By what the schema allows in a column.
VALUES: Mapping[str, tuple[str, ...]] = {
    **GROUPS,
    "participated": ("participation", "took part", "a participé", "participé", "participó"),
    "adopted": ("adoption", "adopté", "adoptée", "a adopté", "adoptado", "adoptada", "adoptó"),
    "scaled_up": (
        "scaling up", "scale-up", "upscaled", "passage à l’échelle", "étendu", "étendue",
        "ampliado", "ampliada",
    ),
    "replicated": (
        "replication", "répliqué", "répliquée", "réplication", "replicado", "replicada",
    ),
    "illustrative": ("made up", "example", "illustratif", "fictif", "ilustrativo", "ficticio"),
    "expert": ("experts", "experte", "experto", "experta"),
    "workshop": ("atelier", "taller"),
    "1-5": ("1 to 5", "1 à 5", "de 1 à 5", "1 a 5", "de 1 a 5", "from 1 to 5"),
    "0-10": ("0 to 10", "0 à 10", "de 0 à 10", "0 a 10", "de 0 a 10", "from 0 to 10"),
    "0-100": (
        "0 to 100", "0 à 100", "de 0 à 100", "0 a 100", "de 0 a 100", "from 0 to 100", "percent",
    ),
}  # fmt: skip
