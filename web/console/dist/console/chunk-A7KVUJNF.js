import{N as n}from"./chunk-OLUT56HC.js";function t({tone:o="plain",children:e}){return n("span",{class:"tag","data-tone":o,children:e})}export{t as a};
