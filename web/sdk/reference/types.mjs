// Types and signatures as a reader wants to see them: names, not bodies.

import ts from "typescript";

/** The text of a type: as it is written, unless it says where to look. */
export function typeText(checker, node) {
  if (ts.isIndexedAccessTypeNode(node)) return printed(checker, checker.getTypeFromTypeNode(node));
  return withoutComments(node.getText()).replace(/\s+/g, " ").replace(/^\| /, "");
}

/** What a parameter, a property or an accessor holds. */
export function declaredType(checker, declaration) {
  if (declaration.type) return typeText(checker, declaration.type);
  return printed(checker, checker.getTypeAtLocation(declaration));
}

/** `name(a: A, b?: B): C`, broken when it is long. */
export function signatureText(name, parameters, returns) {
  const list = parameters.map(
    ({ name, type, isOptional, isRest }) =>
      `${isRest ? "..." : ""}${name}${isOptional ? "?" : ""}: ${type}`,
  );
  const end = returns === null ? "" : `: ${returns}`;
  const line = `${name}(${list.join(", ")})${end}`;
  if (line.length <= LINE_MAX) return line;
  return `${name}(\n${list.map((one) => `  ${one},\n`).join("")})${end}`;
}

const LINE_MAX = 72;

/** The types that a type's text names and that are declared in `isOurs` files. */
export function typesIn(checker, node, isOurs) {
  const found = new Set();
  const visit = (part) => {
    if (ts.isTypeReferenceNode(part)) note(part.typeName);
    if (ts.isExpressionWithTypeArguments(part)) note(part.expression);
    // What it stands for is printed instead.
    if (!ts.isIndexedAccessTypeNode(part)) ts.forEachChild(part, visit);
  };
  const note = (name) => {
    let symbol = checker.getSymbolAtLocation(name);
    if (symbol && symbol.flags & ts.SymbolFlags.Alias) symbol = checker.getAliasedSymbol(symbol);
    const [declaration] = symbol?.declarations ?? [];
    const isParameter = declaration && ts.isTypeParameterDeclaration(declaration);
    if (declaration && !isParameter && isOurs(declaration)) found.add(symbol);
  };
  if (node) visit(node);
  return found;
}

function printed(checker, type) {
  return checker.typeToString(type, undefined, ts.TypeFormatFlags.NoTruncation);
}

export function withoutComments(text) {
  return text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/\/\/.*$/gm, "");
}
