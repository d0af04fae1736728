"""The datasets in words, from the schema: what `data/README.md` holds."""

from gcs_data.schema import DATASETS, rules


def as_markdown() -> str:
    """Every dataset with its key and a table of its columns."""
    parts = []
    for dataset in DATASETS.values():
        traits = [f"Key: {', '.join(f'`{name}`' for name in dataset.key)}."]
        if dataset.derived:
            traits.append("Derived when data are published; never written by hand.")
        if not dataset.public:
            traits.append("For staff only: never in a public download.")
        lines = [
            f"### {dataset.name}",
            "",
            f"{dataset.about} {' '.join(traits)}",
            "",
            "| column | kind | required | what it says |",
            "| --- | --- | --- | --- |",
        ]
        for name, column in dataset.columns.items():
            rule = rules(column)
            about = column.description or ""
            if rule["choices"]:
                about += " One of: " + ", ".join(f"`{choice}`" for choice in rule["choices"]) + "."
            if rule["refers"]:
                about += f" Refers to `{rule['refers']}`."
            required = "" if column.nullable else "yes"
            lines.append(f"| {name} | {rule['kind']} | {required} | {about} |")
        parts.append("\n".join(lines))
    return "\n\n".join(parts) + "\n"
