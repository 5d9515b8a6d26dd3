// What is public, read from the sources: symbols, their members, and what their comments say. What
// a comment leaves out is a complaint.

import { basename } from "node:path";
import ts from "typescript";
import { comment, last } from "./tsdoc.mjs";
import { declaredType, signatureText, typesIn, typeText } from "./types.mjs";

/** The reader of one program. */
export class Reader {
  complaints = [];
  #checker;
  #isOurs;
  #public;

  /** `exported` are the symbols of all public names; `root` is where our own sources are. */
  constructor(checker, exported, root) {
    this.#checker = checker;
    this.#public = new Set(exported.map((symbol) => this.#target(symbol)));
    this.#isOurs = (declaration) => declaration.getSourceFile().fileName.startsWith(root);
  }

  /** What stands behind the name of an export. A class that is exported as a type cannot be made. */
  exported(symbol) {
    const [specifier] = symbol.declarations ?? [];
    const isType =
      ts.isExportSpecifier(specifier) &&
      (specifier.isTypeOnly || specifier.parent.parent.isTypeOnly);
    return this.symbol(this.#target(symbol), !isType);
  }

  /** One symbol with all that is in it. */
  symbol(symbol, canBeMade) {
    const [declaration] = symbol.declarations;
    const where = this.#where(declaration, symbol.name);
    const doc = this.#comment(declaration, where);
    const common = { name: symbol.name, ...parts(doc) };
    if (ts.isClassDeclaration(declaration)) {
      const made = canBeMade ? this.#constructors(declaration, where) : [];
      const members = [...made, ...this.#members(symbol, where, doc)];
      return {
        ...common,
        throws: [],
        kind: "class",
        ...this.#heading("class", declaration),
        members,
      };
    }
    if (ts.isInterfaceDeclaration(declaration)) {
      const members = this.#members(symbol, where, doc);
      return { ...common, kind: "interface", ...this.#heading("interface", declaration), members };
    }
    if (ts.isFunctionDeclaration(declaration)) {
      return {
        ...common,
        kind: "function",
        ...this.#callable(symbol.name, [declaration], doc, where),
      };
    }
    return { ...common, kind: "type", ...this.#alias(declaration, doc, where) };
  }

  // Classes and interfaces

  #heading(kind, declaration) {
    const clauses = (declaration.heritageClauses ?? []).map((clause) => {
      const types = clause.types.filter((type) => this.#isKnown(type));
      const word = clause.token === ts.SyntaxKind.ExtendsKeyword ? "extends" : "implements";
      return types.length ? ` ${word} ${types.map((type) => type.getText()).join(", ")}` : "";
    });
    const generic = declaration.typeParameters?.map((one) => one.getText()).join(", ");
    const name = declaration.name.text + (generic ? `<${generic}>` : "");
    return { signatures: [`${kind} ${name}${clauses.join("")}`] };
  }

  /** A base that is not exported is nothing to readers: its members are shown as the heir's own. */
  #isKnown(type) {
    return [...typesIn(this.#checker, type, this.#isOurs)].every((one) => this.#public.has(one));
  }

  #constructors(declaration, where) {
    const all = declaration.members.filter(ts.isConstructorDeclaration);
    const overloads = all.some((one) => !one.body) ? all.filter((one) => !one.body) : all;
    return overloads.map((one, at) => {
      const name = `new ${declaration.name.text}`;
      const doc = this.#comment(one, `${where}: constructor`);
      const id = at === 0 ? "constructor" : `constructor-${at + 1}`;
      const made = this.#callable(name, [one], doc, `${where}: constructor`, null);
      return { name, id, kind: "constructor", ...parts(doc), ...made };
    });
  }

  #members(symbol, where, doc) {
    const type = this.#checker.getDeclaredTypeOfSymbol(symbol);
    const statics = [...(symbol.exports?.values() ?? [])].filter(
      ({ name }) => name !== "prototype",
    );
    const all = [...statics, ...this.#checker.getPropertiesOfType(type)];
    return all
      .map((member) => member.declarations?.[0])
      .filter((found) => found && this.#isOurs(found) && isPublic(found))
      .map((declaration) => this.#member(declaration, where, doc))
      .filter((read) => read !== undefined);
  }

  #member(declaration, where, of) {
    const name = declaration.name.getText();
    const at = `${where}.${name}`;
    const raw = comment(rawComment(declaration));
    if (raw.isInternal) return undefined;
    const doc = this.#comment(declaration, at);
    const id = name.replace(/^\[Symbol\.(\w+)\]$/, "$1");
    const common = { name, id, ...parts(doc) };
    if (!ts.isMethodDeclaration(declaration) && !ts.isMethodSignature(declaration)) {
      this.#mention(declaration.type, at);
      const isOptional = Boolean(declaration.questionToken);
      const declared = declaredType(this.#checker, declaration);
      const type = isOptional ? declared.replace(/ \| undefined$/, "") : declared;
      return { ...common, kind: "property", type, isOptional };
    }
    const isStatic = ts.getCombinedModifierFlags(declaration) & ts.ModifierFlags.Static;
    const shown = isStatic ? `static ${name}` : name;
    const call = this.#callable(shown, [declaration], doc, at);
    const isPromise = /^(Promise|Sending|OnlineSending)\b/.test(call.returns.type);
    const throws = doc.throws.length || !isPromise ? doc.throws : of.throws;
    const never = /never rejects/.test(doc.returns);
    if (isPromise && throws.length === 0 && !never) this.complaints.push(`${at} has no @throws`);
    return { ...common, throws, kind: "method", ...call };
  }

  // Functions

  #callable(name, [declaration], doc, where, returnType = declaration.type) {
    const documented = [...doc.parameters.keys()];
    const parameters = declaration.parameters.map((parameter, at) => {
      this.#mention(parameter.type, where);
      const isNamed = ts.isIdentifier(parameter.name);
      const name = isNamed ? parameter.name.text : (documented[at] ?? "options");
      const text = doc.parameters.get(name) ?? "";
      if (text === "") this.complaints.push(`${where} has no @param ${name}`);
      return {
        name,
        type: declaredType(this.#checker, parameter),
        isOptional: Boolean(parameter.questionToken || parameter.initializer),
        isRest: Boolean(parameter.dotDotDotToken),
        text,
      };
    });
    const names = new Set(parameters.map(({ name }) => name));
    for (const extra of documented.filter((one) => !names.has(one))) {
      this.complaints.push(`${where} has no parameter ${extra}`);
    }
    this.#mention(returnType, where);
    const type = returnType ? typeText(this.#checker, returnType) : null;
    const isNothing = type === null || type === "void" || type === "Promise<void>";
    if (!isNothing && doc.returns === "") this.complaints.push(`${where} has no @returns`);
    return {
      signatures: [signatureText(name, parameters, type)],
      parameters: parameters.map(({ isRest, ...shown }) => shown),
      returns: { type: type ?? "", text: doc.returns },
    };
  }

  // Type aliases

  #alias(declaration, doc, where) {
    this.#mention(declaration.type, where);
    const { type } = declaration;
    const name = declaration.name.text;
    if (ts.isFunctionTypeNode(type) || ts.isConstructorTypeNode(type)) {
      const call = this.#callable(name, [type], doc, where);
      return { ...call, signatures: [`type ${name} = ${typeText(this.#checker, type)}`] };
    }
    if (!ts.isUnionTypeNode(type) || !last(type.getFullText())) {
      return { signatures: [`type ${name} = ${unindented(type.getText())}`], members: [] };
    }
    return { signatures: [], members: this.#variants(type, where) };
  }

  /** The members of a union, each with the comment before it. */
  #variants(union, where) {
    const source = union.getSourceFile().text;
    return union.types.map((type, at) => {
      const from = at === 0 ? union.getFullStart() : union.types[at - 1].end;
      const doc = comment(last(source.slice(from, type.getStart())));
      const text = typeText(this.#checker, type).replace(/\breadonly /g, "");
      if (doc.text === "") this.complaints.push(`${where}: ${text} has no comment`);
      return { name: text.replace(/; }$/, " }"), kind: "variant", ...parts(doc) };
    });
  }

  // What all have

  #comment(declaration, where) {
    const doc = comment(rawComment(declaration));
    if (doc.text === "") this.complaints.push(`${where} has no comment`);
    return doc;
  }

  #mention(node, where) {
    for (const symbol of typesIn(this.#checker, node, this.#isOurs)) {
      if (this.#public.has(symbol)) continue;
      this.complaints.push(`${where} mentions ${symbol.name}, which is not exported`);
    }
  }

  #target(symbol) {
    return symbol.flags & ts.SymbolFlags.Alias ? this.#checker.getAliasedSymbol(symbol) : symbol;
  }

  #where(declaration, name) {
    return `${basename(declaration.getSourceFile().fileName)}: ${name}`;
  }
}

function parts({ text, throws, examples }) {
  return { text, throws, examples };
}

function rawComment(declaration) {
  return ts.getJSDocCommentsAndTags(declaration).filter(ts.isJSDoc).at(-1)?.getText();
}

function isPublic(declaration) {
  const hidden = ts.ModifierFlags.Private | ts.ModifierFlags.Protected;
  if (ts.isConstructorDeclaration(declaration) || ts.isPrivateIdentifier(declaration.name))
    return false;
  return !(ts.getCombinedModifierFlags(declaration) & hidden);
}

/** As if it began at the left. */
function unindented(text) {
  return text.replace(/;?\n\s*\}$/, ";\n}");
}
