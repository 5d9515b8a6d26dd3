import{M as n}from"./chunk-O2I7KRE4.js";function t({tone:o="plain",children:e}){return n("span",{class:"tag","data-tone":o,children:e})}export{t as a};
